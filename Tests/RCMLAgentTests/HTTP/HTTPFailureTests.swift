import Foundation
import Testing

@testable import RCMLAgent

/// `HTTPFailure.table.md`, row by row [H-34].
@Suite struct HTTPFailureTests {
  private static let all: [HTTPFailure] = (0...255).compactMap(HTTPFailure.init(rawValue:))

  private func rows() throws -> [String: (repeated: String, words: String, number: String)] {
    let path = URL(fileURLWithPath: #filePath)
      .appendingPathComponent("../../../../Sources/RCMLAgent/HTTP/HTTPFailure.table.md")
      .standardized
    var rows: [String: (repeated: String, words: String, number: String)] = [:]
    for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
    where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      rows[cells[0].trimmingCharacters(in: ["`"])] = (cells[2], cells[3], cells[4])
    }
    return rows
  }

  @Test func everyFailureHasWordsOfItsOwn() throws {
    let rows = try rows()
    #expect(rows.count == Self.all.count)
    for failure in Self.all {
      let row = try #require(rows["\(failure)"], "\(failure)")
      #expect(failure.sentence == row.words)
      #expect("\(failure.code.rawValue)" == row.number, "\(failure)")
      var policy = ConnectionPolicy(
        connectTimeout: .seconds(1), attemptTimeout: .seconds(1), totalTimeout: nil, retries: 1,
        retryOn: [.connect], firstPause: .zero)
      #expect(policy.repeats(failure) == (row.repeated == "connect"), "\(failure)")
      policy.retryOn = [.read]
      #expect(policy.repeats(failure) == (row.repeated == "read"), "\(failure)")
    }
    #expect(Set(Self.all.map(\.sentence)).count == Self.all.count)
  }

  /// The host hears them whoever asked: a document's failure says the same as a sound's and a callback's.
  @Test func aCallSaysThemAsTheyAre() {
    for failure in Self.all where failure != .refused && failure != .tooLarge {
      let world = AgentWorld()
      world.web = { _ in .failed(failure) }
      world.command(
        .defaultDocument(
          .url("http://web/a", method: "GET")))
      world.phone(5070).call()
      world.runToTheEnd()
      let told = world.findings.filter { $0.text.contains(failure.sentence) }
      #expect(told.count == 1, "\(failure): \(world.findings.map(\.text))")
    }
  }
}
