import Foundation
import RCMLBasics
import RCMLSIP
import Testing

/// What the whole user agent answers to the torture messages (RFC 4475, RFC 5118), by the index of the corpus.
@Suite struct TortureAnswerTests {
  /// `nil` when the status, or silence, is what the row allows.
  private func complaint(_ row: TortureIndex.Row, _ codes: [Int], closed: Bool) -> String? {
    let words = Set(row.allowed + [row.preferred])
    if let code = codes.first {
      let isAllowed =
        words.contains("\(code)") || code < 200 && words.contains("1xx")
        || words.contains("accept-inferred") && code < 300
      return isAllowed && codes.count == 1 ? nil : "answered \(codes), allowed \(words.sorted())"
    }
    let silent: Set = ["-", "drop", "drop-unmatched", "drop-unterminated"]
    if !words.isDisjoint(with: silent) || closed && words.contains("tcp-close") { return nil }
    // Spec Q-24 goes before a status: no answer that is larger than its request.
    return "silent, allowed \(words.sorted())"
  }

  @Test func everyTortureMessageGetsItsAnswerOverUDP() {
    #expect(TortureIndex.rows.count == 31)
    for row in TortureIndex.rows {
      let bench = Bench()
      bench.receive(row.bytes)
      let complaint = complaint(row, bench.sent.map(\.code), closed: false)
      #expect(complaint == nil, "\(row.name): \(complaint ?? "")")
      let octets = bench.sent.reduce(0) { $0 + $1.bytes.count }
      #expect(octets <= row.bytes.count, "\(row.name): \(octets) for \(row.bytes.count)")
      for incoming in bench.incoming { bench.end(incoming.id) }
      bench.expectQuiet("\(row.name)")
    }
  }

  /// The same messages over a stream, in two pieces cut at every octet: the answer is that of the whole.
  @Test func everyTortureMessageGetsItsAnswerOverTCPCutAnywhere() {
    let connection = ConnectionID(1)
    for row in TortureIndex.rows {
      func play(_ pieces: [ArraySlice<UInt8>]) -> Bench {
        let bench = Bench()
        bench.agent.streamAccepted(
          connection, on: Bench.tcp, local: Bench.local,
          remote: SocketAddress(ipv4: 0x0A00_0002, port: 33_000), at: bench.now)
        for piece in pieces {
          Array(piece).withUnsafeBytes {
            bench.agent.streamBytes($0, on: connection, at: bench.now)
          }
        }
        bench.drain()
        return bench
      }
      let whole = play([row.bytes[...]])
      let answers = whole.sent.map(\.bytes)
      for cut in 1..<row.bytes.count {
        let bench = play([row.bytes[..<cut], row.bytes[cut...]])
        guard bench.sent.map(\.bytes) == answers, bench.closed == whole.closed else {
          Issue.record("\(row.name) cut at \(cut): \(bench.sent.map(\.code)), \(bench.closed)")
          break
        }
      }
      for incoming in whole.incoming { whole.end(incoming.id) }
      whole.expectQuiet("\(row.name)")
      let complaint = complaint(
        row, whole.sent.map(\.code).filter { $0 < 480 || $0 > 480 },
        closed: !whole.closed.isEmpty)
      #expect(complaint == nil, "\(row.name) over TCP: \(complaint ?? "")")
    }
  }
}
