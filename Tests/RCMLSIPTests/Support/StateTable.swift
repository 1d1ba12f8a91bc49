import Foundation
import Testing

/// A state table in Markdown, as it stands beside the code.
struct StateTable {
  struct Row: CustomTestStringConvertible {
    var cells: [String: String]
    subscript(column: String) -> String { cells[column] ?? "" }
    var testDescription: String {
      "\(self["state"]) \(self["transport"]) \(self["input"])"
    }
  }

  var rows: [Row] = []

  /// `path` below Sources/RCMLSIP: all its tables, which have one header, or the first behind a line.
  init(_ path: String, after heading: String = "") throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/RCMLSIP")
    let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
    var header: [String] = []
    var hasBegun = heading.isEmpty
    for line in text.split(separator: "\n") {
      if line == heading { hasBegun = true }
      guard hasBegun, line.hasPrefix("|") else {
        if heading.isEmpty || header.isEmpty { continue } else { break }
      }
      let cells = line.dropFirst().dropLast().split(
        separator: "|", omittingEmptySubsequences: false
      ).map { $0.trimmingCharacters(in: .whitespaces) }
      if header.isEmpty {
        header = cells
      } else if !cells.allSatisfy({ $0.allSatisfy { $0 == "-" } && !$0.isEmpty }) {
        rows.append(Row(cells: Dictionary(uniqueKeysWithValues: zip(header, cells))))
      }
    }
  }
}
