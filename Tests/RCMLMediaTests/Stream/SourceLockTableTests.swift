import Foundation
import RCMLBasics
import Testing

@testable import RCMLMedia

/// `SourceLock.table.md`, row by row.
@Suite struct SourceLockTableTests {
  struct Row {
    var state: String
    var input: String
    var next: String
    var verdict: String
  }

  static func rows() throws -> [Row] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Sources/RCMLMedia/Stream/SourceLock.table.md")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| state") }
      .map { line in
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return Row(state: cells[0], input: cells[1], next: cells[2], verdict: cells[3])
      }
  }

  /// A party behind a NAT and a proxy, with a second sender of each rank.
  static let named = SocketAddress(ipv4: 0x0a00_0001, port: 4_000)
  static let proxy = SocketAddress(ipv4: 0xcb00_7107, port: 5_060)
  static let senders: [Int: [SocketAddress]] = [
    1: [named],
    2: [
      SocketAddress(ipv4: 0xcb00_7107, port: 61_000),
      SocketAddress(ipv4: 0xcb00_7107, port: 62_000),
    ],
    3: [
      SocketAddress(ipv4: 0x0a00_0001, port: 4_010), SocketAddress(ipv4: 0x0a00_0001, port: 4_020),
    ],
    4: [
      SocketAddress(ipv4: 0xc633_6401, port: 7_000), SocketAddress(ipv4: 0xc633_6402, port: 7_000),
    ],
  ]
  static let former = SocketAddress(ipv4: 0x0a00_0001, port: 3_000)

  /// One lock, who sends to it, and the clock.
  struct Bench {
    var lock = SourceLock()
    var now = Instant(nanoseconds: 1_000_000_000)
    var description = StreamDescription()
    private var sequences: [SocketAddress: UInt16] = [:]

    /// Two descriptions: the first one names somebody else.
    init() {
      description.sender.signalling = SourceLockTableTests.proxy
      describe { $0.remote = SourceLockTableTests.former }
      describe { $0.remote = SourceLockTableTests.named }
    }

    mutating func describe(isNew: Bool = true, _ change: (inout StreamDescription) -> Void) {
      change(&description)
      if isNew { description.sender.edition += 1 }
      lock.describe(description, at: now)
    }

    mutating func send(_ from: SocketAddress, packets: Int) -> SourceLock.Verdict {
      var verdict = SourceLock.Verdict.refused
      for _ in 0..<packets {
        let sequence = sequences[from, default: 65_534] &+ 1
        sequences[from] = sequence
        let header = RTPHeader(
          payloadType: 0, marker: false, sequence: sequence, timestamp: 0,
          source: UInt32(truncatingIfNeeded: from.low))
        verdict = lock.judge(from, header, at: now)
        now = now + .milliseconds(20)
      }
      return verdict
    }
  }

  private static func bench(in state: String) -> Bench? {
    var bench = Bench()
    let words = state.split(separator: " ").map(String.init)
    let rank = words.last.flatMap { Int($0) }
    if let rank, let sender = senders[rank]?[0] {
      _ = bench.send(sender, packets: rank == 1 ? 1 : 4)
    }
    if words.contains("keeping") { bench.describe { _ in } }
    if words.contains("nowhere") { bench.describe { $0.remote = nil } }
    return name(bench.lock) == state ? bench : nil
  }

  private static func name(_ lock: SourceLock) -> String {
    let state =
      switch lock.state {
      case .waiting: "waiting"
      case .believing(_, let rank): "believing \(rank.rawValue)"
      case .keeping(_, let rank): "keeping \(rank.rawValue)"
      }
    return lock.isNowhere ? "nowhere " + state : state
  }

  /// Nil: a row says something nobody knows. Who is believed at the end must be whoever sent last, if it was taken.
  private static func give(_ input: String, _ bench: inout Bench) -> SourceLock.Verdict?? {
    let words = input.split(separator: " ").map(String.init)
    let rank = words.compactMap { Int($0) }.first
    switch words[0] {
    case "named": return bench.send(named, packets: 1)
    case "own": return bench.lock.believed.map { bench.send($0, packets: 1) }
    case "proved":
      guard let rank, let sender = senders[rank]?[1] else { return nil }
      if words.contains("again") { _ = bench.send(sender, packets: 4) }
      return bench.send(sender, packets: 4)
    case "unproved":
      guard let rank, let sender = senders[rank]?[1] else { return nil }
      return bench.send(sender, packets: 3)
    case "former":
      if words.contains("later") { bench.now = bench.now + .seconds(2) }
      return bench.send(former, packets: 4)
    case "stranger":
      // Nobody knows where its signalling comes from: nobody else has a rank.
      bench.describe(isNew: false) { $0.sender.signalling = nil }
      return bench.send(SocketAddress(ipv4: 0xc633_6403, port: 7_000), packets: 8)
    case "describes" where words[1] == "same": bench.describe { $0.remote = named }
    case "describes" where words[1] == "other":
      bench.describe { $0.remote = SocketAddress(ipv4: 0x0a00_0002, port: 4_000) }
    case "describes": bench.describe { $0.remote = nil }
    case "repeats": bench.describe(isNew: false) { $0.silenceLimit = .seconds(9) }
    case "signalling":
      bench.describe {
        $0.sender.signalling = SocketAddress(ipv4: 0x0a00_0001, port: 5_060)
      }
    case "is": bench.describe { $0.sender.lock = .off }
    default: return nil
    }
    return .some(nil)
  }

  @Test func everyRowHolds() throws {
    let rows = try Self.rows()
    #expect(rows.count == 66)
    for row in rows {
      var bench = try #require(Self.bench(in: row.state), "\(row)")
      let verdict = try #require(Self.give(row.input, &bench), "\(row)")
      #expect(Self.name(bench.lock) == row.next, "\(row)")
      let words: [SourceLock.Verdict: String] = [
        .accepted: "accept", .moved: "move", .refused: "refuse", .contested: "contest",
      ]
      #expect(verdict.flatMap { words[$0] } ?? "" == row.verdict, "\(row)")
      if row.verdict == "move", row.input.hasPrefix("proved") {
        let rank = row.input.split(separator: " ").last.flatMap { Int($0) } ?? 0
        #expect(bench.lock.believed == Self.senders[rank]?[1], "\(row)")
      }
    }
  }
}
