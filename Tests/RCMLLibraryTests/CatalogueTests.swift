import CRCML
import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLLibrary

/// The catalogue (spec G-22; ecosystem: number, name, text, cause, fix from one table).
@Suite struct CatalogueTests {
  @Test func everyFindingHasANumberAndWordsOfItsOwn() {
    for code in FindingCode.allCases {
      #expect(
        FindingEntries.number(code) < FindingEntries.unlistedBase,
        "\(code.rawValue) has no words in FindingEntries")
    }
  }

  @Test func noNumberAndNoNameStandsForTwoThings() {
    let entries = LibraryEntries.all + FindingEntries.all
    #expect(Set(entries.map(\.code)).count == entries.count)
    #expect(Set(entries.map(\.name)).count == entries.count)
  }

  @Test func everyEntrySaysWhatWhyAndWhatToDo() {
    for entry in LibraryEntries.all + FindingEntries.all {
      for text in [entry.text, entry.cause, entry.fix] {
        #expect(text.hasSuffix(".") && text.count > 8, "\(entry.name): \(text)")
      }
    }
  }

  @Test func theSettingsThatTheCatalogueNamesAreThere() {
    // A host's file, and an event of it.
    let others: Set = ["journal_limit", "rcml_agent_destroy", "rcml_call_state", "struct_size"]
    for entry in LibraryEntries.all + FindingEntries.all {
      let words = (entry.text + " " + entry.cause + " " + entry.fix).split {
        !($0.isLowercase || $0 == "_")
      }
      for word in words where word.contains("_") && !word.hasPrefix("_") && !word.hasSuffix("_") {
        #expect(
          Settings.names.contains(String(word)) || others.contains(String(word))
            || word.hasPrefix("rcml_"), "\(entry.name): \(word)")
      }
    }
  }
}
