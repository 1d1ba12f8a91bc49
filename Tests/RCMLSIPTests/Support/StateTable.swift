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

  /// `path` below Sources/RCMLSIP.
  init(_ path: String) throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/RCMLSIP")
    let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
    var header: [String] = []
    for line in text.split(separator: "\n") where line.hasPrefix("|") {
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
