import Foundation
import RCMLBasics
import Testing

/// The rows of `Tests/Failures/failures.md` (spec E-9).
struct FailureTable {
  struct Row: CustomTestStringConvertible, Sendable {
    let way: String
    let event: String
    let word: String
    let number: UInt16
    let sentence: String
    var testDescription: String { way }

    /// `*` in the sentence stands for anything.
    func fits(_ text: String) -> Bool {
      let parts = sentence.components(separatedBy: "*")
      guard let first = parts.first, let last = parts.last, text.hasPrefix(first),
        text.hasSuffix(last), parts.count > 1 || text == sentence
      else { return false }
      var rest = text[...]
      for part in parts where !part.isEmpty {
        guard let place = rest.range(of: part) else { return false }
        rest = rest[place.upperBound...]
      }
      return true
    }
  }

  static let rows: [Row] = {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = tests.appending(path: "Failures/failures.md")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
    return lines.map { line in
      let cells = line.dropFirst().dropLast().split(
        separator: "|", omittingEmptySubsequences: false
      ).map { $0.trimmingCharacters(in: .whitespaces) }
      return Row(
        way: cells[0], event: cells[1], word: cells[2], number: UInt16(cells[3]) ?? 0,
        sentence: cells[4])
    }
  }()
}
