import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Callers who want to acknowledge what they are told before the answer (U-21, RFC 3262).
struct ReliableRingingTests {
  private static let required = [HeaderLine("Require", Array("100rel".utf8))]

  private func rseqs(_ phone: Phone) -> [String] {
    phone.messages.compactMap { message in
      let lines = String(decoding: message, as: UTF8.self).split(separator: "\r\n")
      return lines.first { $0.hasPrefix("RSeq: ") }.map { String($0.dropFirst(6)) }
    }
  }

  private func acknowledgements(_ phone: Phone) -> Int {
    phone.messages.filter {
      let lines = String(decoding: $0, as: UTF8.self).split(separator: "\r\n")
      return lines.first == "SIP/2.0 200 OK"
        && lines.contains { $0.hasPrefix("CSeq: ") && $0.hasSuffix(" PRACK") }
    }.count
  }

  @Test func aCallerWhoRequires100relIsRungAndConnected() {
    // U-21, L-2
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call(headers: Self.required)
    world.run(.seconds(2))
    #expect(caller.provisionals == [180])
    #expect(rseqs(caller).count == 1 && acknowledgements(caller) == 1)
    #expect(caller.finalCode == 200)
    #expect(meaning(caller.answerBody) == meaning(callee.script.media))
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func theMinutely180IsAcknowledgedEachTime() {
    // U-21, L-2
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, attributes: "timeout=\"150\""))
    _ = world.phone(5081)
    let caller = world.phone(5070)
    caller.call(headers: Self.required)
    world.run(.seconds(149))
    #expect(caller.provisionals == [180, 180, 180])
    #expect(Set(rseqs(caller)).count == 3 && acknowledgements(caller) == 3)
    world.runToTheEnd()
    #expect(caller.finalCode == 408)
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  /// The 183 held the answer, so the 200 can only say it again; what the phone said later comes with a re-INVITE.
  @Test func aPhoneThatAnswersWithOtherSDPThanItsEarlyMediaIsHeardByReINVITE() throws {
    // U-20, U-21
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    var script = Phone.Script()
    script.ringCode = 183
    script.ringsWithMedia = true
    let callee = world.phone(5081, script)
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    caller.call(headers: Self.required)
    world.run(.seconds(1))
    let other = AgentWorld.sdp(port: 6200)
    let session = try #require(callee.session)
    callee.userAgent.accept(session, body: other, headers: [], at: world.now)
    world.run(.seconds(1))
    #expect(caller.provisionals == [180, 183])
    #expect(meaning(caller.answerBody) == meaning(script.media))
    #expect(caller.offers.map { meaning($0) } == [meaning(other)])
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aCallerWhoNeverAcknowledgesGets504AndTheCallHasFailed() {
    // U-21, RFC 3262 §3
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, attributes: "timeout=\"60\""))
    let callee = world.phone(5081)
    let caller = world.phone(5070)
    caller.call(headers: Self.required)
    world.run(.milliseconds(1))
    caller.isDeaf = true
    world.run(.seconds(33))
    #expect(world.ends.map(\.status) == [.failed])
    #expect(world.ends.first?.sipCode == 504 && world.ends.first?.hangupBy == .engine)
    #expect(callee.wasCancelled)
    #expect(world.legEvents.last == "completed 0 canceled")
  }
}
