import Foundation
import Testing

/// The rows of the first table in a Markdown file of the room.
struct MachineTable {
  struct Row: CustomTestStringConvertible {
    let cells: [String]
    let line: Int
    subscript(_ column: Int) -> String { column < cells.count ? cells[column] : "" }
    var testDescription: String { "line \(line): " + cells.joined(separator: " | ") }
  }

  let rows: [Row]

  init(_ path: String) throws {
    let room = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/RCMLDial")
    let text = try String(contentsOf: room.appending(path: path), encoding: .utf8)
    var rows: [Row] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where line.hasPrefix("|") && !line.hasPrefix("|---") {
      let cells = line.dropFirst().dropLast().split(
        separator: "|", omittingEmptySubsequences: false
      )
      .map { $0.trimmingCharacters(in: .whitespaces) }
      rows.append(Row(cells: cells, line: index + 1))
    }
    self.rows = Array(rows.dropFirst())
  }
}
