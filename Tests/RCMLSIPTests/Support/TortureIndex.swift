import Foundation
import RCMLBasics

/// The torture messages under Tests/Corpus/torture and what their index says of each. The message layer's part is
/// tested in TortureTests; what a whole user agent answers is in `preferred` and `allowed`.
struct TortureIndex {
  struct Row: CustomStringConvertible, Sendable {
    var name: String
    var file: String
    /// `framing`, `start-line`, `field`, `semantic`, `transaction`, `application`, `none`.
    var objectLayer: String
    /// `accept`, `reject`, `drop`, `accept-ignore`, `accept-or-reject`, `no-crash`.
    var expected: String
    /// A status code, or `-` for none.
    var preferred: String
    var allowed: [String]
    var isRequest: Bool
    var method: String
    var transport: RCMLBasics.Transport
    var note: String
    var bytes: [UInt8]

    var description: String { name }
  }

  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Corpus/torture")

  /// All rows, in the order of the index. Empty only if the corpus is missing, which a test reports.
  static let rows: [Row] = {
    let index = folder.appendingPathComponent("index.tsv")
    guard let text = try? String(contentsOf: index, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").dropFirst().compactMap(row)
  }()

  static func bytes(of name: String) -> [UInt8] {
    rows.first { $0.name == name }?.bytes ?? []
  }

  private static func row(_ line: Substring) -> Row? {
    let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard cells.count == 15,
      let data = try? Data(contentsOf: folder.appendingPathComponent(cells[1]))
    else { return nil }
    let kind = cells[10].split(separator: " ").map(String.init)
    return Row(
      name: cells[0], file: cells[1], objectLayer: cells[6], expected: cells[7],
      preferred: cells[8], allowed: cells[9].split(separator: ",").map(String.init),
      isRequest: kind.first == "request", method: kind.last ?? "",
      transport: cells[11] == "TCP" ? .tcp : .udp, note: cells[14], bytes: [UInt8](data))
  }
}
