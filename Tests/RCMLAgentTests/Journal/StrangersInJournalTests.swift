import RCMLBasics
import Testing

@testable import RCMLAgent

/// `journal_refusals`: what strangers are refused fills no journal, and a replay is exact all the same [Y-7].
@Suite struct StrangersInJournalTests {
  private static let requests = [
    "OPTIONS", "REGISTER", "MESSAGE", "BYE", "CANCEL", "NONSENSE", "INVITE", "INFO", "PUBLISH",
    "ACK", "answer",
  ]

  /// From somebody who has no call with us, between whatever else happens.
  private func pester(_ world: AgentWorld, for interval: Interval) {
    var number = 0
    let end = world.now + interval
    while world.now < end {
      for method in Self.requests {
        number += 1
        let request = """
          \(method == "answer" ? "SIP/2.0 200 OK" : "\(method) sip:x@127.0.0.1 SIP/2.0")\r
          Via: SIP/2.0/UDP 127.0.0.1:5099;branch=z9hG4bKs\(number)\r
          From: <sip:stranger@127.0.0.1>;tag=t\(number)\r
          To: <sip:x@127.0.0.1>\r
          Call-ID: stranger\(number)\r
          CSeq: 1 \(method == "answer" ? "INVITE" : method)\r
          Max-Forwards: 70\r
          Require: nothing-known\r
          Content-Length: 0\r
          \r

          """
        let octets = number % 7 == 0 ? "garbage \(number)\r\n\r\n" : request
        world.arrive(
          .datagram(to: world.address, from: AgentWorld.place(5099), Array(octets.utf8)))
      }
      world.run(.milliseconds(37))
    }
  }

  private func journal(_ settings: [(String, String)]) throws -> [UInt8] {
    let world = AgentWorld(settings: settings, isJournalled: true)
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    pester(world, for: .milliseconds(100))
    caller.call()
    pester(world, for: .milliseconds(500))
    #expect(caller.finalCode == 200)
    caller.hangUp()
    pester(world, for: .milliseconds(100))
    world.runToTheEnd()
    let journal = world.agent.takeJournal()
    let replay = try Replay.run(journal)
    #expect(replay.isProved, "\(String(describing: replay.difference))")
    #expect(!replay.isTorn && replay.inputs > 10)
    return journal
  }

  private func count(_ word: String, in journal: [UInt8]) -> Int {
    let word = Array(word.utf8)
    return journal.indices.count { journal[$0...].starts(with: word) }
  }

  @Test(arguments: ["false", "true"]) func aReplayIsExactWithoutThemToo(log: String) throws {
    let with = try journal([("transport_log", log)])
    let without = try journal([("transport_log", log), ("journal_refusals", "false")])
    #expect(count("Call-ID: stranger", in: with) > 50)
    // What comes at the very time at which something else is due stays.
    #expect(count("Call-ID: stranger", in: without) * 10 < count("Call-ID: stranger", in: with))
    #expect(without.count * 4 < with.count)
  }
}
