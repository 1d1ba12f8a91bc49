import CRCML
import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLLibrary

/// The catalogue (spec G-22: number, name, text, cause, fix from one table).
@Suite struct CatalogueTests {
  @Test func everyFindingHasANumberAndWordsOfItsOwn() {
    for code in FindingCode.allCases {
      #expect(
        FindingEntries.number(code) < FindingEntries.unlistedBase,
        "\(code.rawValue) has no words in FindingEntries")
    }
  }

  // E-9
  @Test func everyReasonHasAnEntryOfItsOwnAndWordsInIt() {
    let entries = LibraryEntries.all + FindingEntries.all + ReasonEntries.all
    for code in ReasonCode.allCases {
      let entry = entries.first { $0.code == Int32(code.rawValue) }
      #expect(entry != nil && entry?.name.hasPrefix("reason-") == false, "\(code)")
      #expect(Reason(code, at: "x").sentence != "It failed." || code.isOfTheWeb, "\(code)")
    }
  }

  @Test func noNumberAndNoNameStandsForTwoThings() {
    let entries = LibraryEntries.all + FindingEntries.all + ReasonEntries.all
    #expect(Set(entries.map(\.code)).count == entries.count)
    #expect(Set(entries.map(\.name)).count == entries.count)
  }

  @Test func everyEntrySaysWhatWhyAndWhatToDo() {
    for entry in LibraryEntries.all + FindingEntries.all + ReasonEntries.all {
      for text in [entry.text, entry.cause, entry.fix] {
        #expect(text.hasSuffix(".") && text.count > 8, "\(entry.name): \(text)")
      }
    }
  }

  @Test func theSettingsThatTheCatalogueNamesAreThere() {
    // A member of the header's structs.
    let others: Set = ["struct_size"]
    for entry in LibraryEntries.all + FindingEntries.all + ReasonEntries.all {
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

extension ReasonCode {
  /// What the web comes to is said by whoever asks it.
  fileprivate var isOfTheWeb: Bool { (11_220..<11_240).contains(rawValue) }
}
