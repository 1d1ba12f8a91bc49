import Foundation
import RCMLBasics
import Testing

@testable import RCMLDocument

/// Tests/Corpus/examples/table.tsv: one document of each kind that Twilio's and Restcomm's pages show, and whether it runs
/// here or what is said of it, with element and line (spec G, D, S, V).
struct ExampleTests {
  struct Example: CustomStringConvertible, Sendable {
    var name, page, outcome: String
    var settings: [(name: String, value: String)]
    var description: String { "\(name) (\(page))" }
  }

  static func examples() -> [Example] {
    let text = (try? Corpus.octets("examples/table.tsv")) ?? []
    return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 4, !line.hasPrefix("#") else { return nil }
      let settings = cells[2].split(separator: " ").filter { $0 != "-" }.map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1).map {
          $0.replacingOccurrences(of: "%20", with: " ")
        }
        return (name: parts[0], value: parts.count > 1 ? parts[1] : "")
      }
      return Example(name: cells[0], page: cells[1], outcome: cells[3], settings: settings)
    }
  }

  @Test func everyDocumentStandsInTheTable() {
    let listed = Self.examples().map { $0.name + ".xml" }.sorted()
    #expect(listed == Corpus.names("examples") && listed.count >= 60)
  }

  @Test(arguments: examples())
  func anExampleRunsOrIsToldWithElementAndLine(example: Example) throws {
    var settings = Settings()
    for (name, value) in example.settings {
      guard case .success = settings.set(name, value) else {
        Issue.record("\(name)=\(value)")
        return
      }
    }
    let octets = try Corpus.octets("examples/\(example.name).xml")
    let reading = DocumentReader.read(
      octets, contentType: "text/xml", url: "http://app.test/doc", settings: settings, isCheck: true
    )
    let lines = String(decoding: octets, as: UTF8.self).components(separatedBy: "\n")
    #expect(reading.error == nil)
    let wanted = example.outcome == "runs" ? [] : example.outcome.components(separatedBy: "; ")
    #expect(reading.findings.count == wanted.count, "\(reading.findings)")
    for (finding, wanted) in zip(reading.findings, wanted) {
      let isNote = wanted.hasPrefix("note ")
      let words = wanted.split(separator: " ").map(String.init).dropFirst(isNote ? 1 : 0)
      guard words.count == 3, let code = words.first, let element = words.last else {
        Issue.record("the table has \(wanted)")
        continue
      }
      #expect(finding.code.rawValue == code && (finding.severity == .note) == isNote)
      #expect("\(finding.line)" == words.dropFirst().first, "\(finding)")
      let line = lines.indices.contains(finding.line - 1) ? lines[finding.line - 1] : ""
      #expect(finding.text.contains("<\(element)>") || line.contains("<\(element)"), "\(finding)")
    }
  }
}
