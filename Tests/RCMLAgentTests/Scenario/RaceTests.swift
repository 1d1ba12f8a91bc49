import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// Races of spec §18.7 through the whole agent, at exact instants; the number stands before each. Others have their
/// tests beside their subject: 3, 6, 7 (fetch) in `DialTests`, 7 (two INVITEs), 11 in `CredentialsTests`, 17 in
/// `DocumentTests`, 18 in `HostTests`; 4, 5, 7 (lookup), 19 and 20 in the `RaceTests` of SIP; 10 and 15 in
/// `RCMLDialTests`, which has all of them as far as that room sees them.
@Suite struct AgentRaceTests {
  /// Ports 5081 and 5082; those in `screened` are asked first, at `/screen/<port>`.
  private func document(_ screened: Set<Int>, attributes: String = "") -> String {
    let targets = [5081, 5082].map { port in
      let url = screened.contains(port) ? #" url="http://w.example/screen/\#(port)""# : ""
      return "<Sip\(url)>sip:phone\(port)@127.0.0.1:\(port)</Sip>"
    }
    return "<Response><Dial \(attributes)>\(targets.joined())</Dial></Response>"
  }

  private func answered(_ world: AgentWorld) -> [String] {
    world.legEvents.filter { $0.hasPrefix("answered") }
  }

  /// 1: F-6, F-8
  @Test func ofTwo2xxInOneInstantTheFirstDeliveredWinsAndTheOtherIsHungUp() {
    let world = AgentWorld()
    world.document(document([]))
    let first = world.phone(5081, .answers(port: 6001))
    let second = world.phone(5082, .answers(port: 6002))
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(answered(world) == ["answered 0"])
    #expect(meaning(caller.answerBody) == meaning(first.script.media))
    #expect(second.wasHungUp && !first.wasHungUp)
    #expect(second.lines.contains { $0.hasPrefix("ACK") })
    #expect(second.message("BYE")?.contains("Call completed elsewhere") ?? false)
    #expect(world.legEvents.last == "completed 1 canceled")
  }

  /// 2: L-20, K-4, M-8
  @Test func a2xxThatCrossesTheCancelIsAcknowledgedHungUpAndNeverCalledAnswered() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers(after: .milliseconds(500)))
    let caller = world.phone(5070)
    caller.call()
    // The callee has the INVITE after 2 ms: its 200 is on the way when the CANCEL is.
    world.run(.microseconds(501_500))
    caller.hangUp()
    world.run(.seconds(2))
    #expect(caller.finalCode == 487)
    #expect(callee.wasHungUp)
    #expect(answered(world).isEmpty)
    #expect(world.legEvents.last == "completed 0 canceled")
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  /// 8: H-25, L-32
  @Test func aCallerWhoLeavesDuringAScreeningFetchAbortsIt() {
    let world = AgentWorld()
    world.web = { _ in nil }
    world.document(document([5081, 5082]))
    let callee = world.phone(5081, .answers())
    _ = world.phone(5082)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    caller.hangUp()
    world.run(.seconds(1))
    #expect(world.aborted.count == 1)
    #expect(callee.wasHungUp)
    #expect(caller.finalCode == 487)
    #expect(world.results.map(\.status) == [.canceled])
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  /// 9: C-10, C-13
  @Test func aPartyWhoHangsUpDuringItsScreeningFetchEndsOnlyItsOwnLeg() {
    let world = AgentWorld(settings: [("media", "direct")])
    world.web = { _ in nil }
    world.document(document([5081]))
    let screened = world.phone(5081, .answers())
    let other = world.phone(5082, .answers(after: .seconds(3), port: 6002))
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    screened.hangUp()
    world.run(.seconds(1))
    #expect(world.aborted.count == 1)
    #expect(world.results.isEmpty)
    world.run(.seconds(2))
    #expect(meaning(caller.answerBody) == meaning(other.script.media))
  }

  /// 12: L-31
  @Test func theDialTimerCancelsTheRingingLegAndWaitsForTheScreenedOne() {
    let world = AgentWorld(settings: [("media", "direct")])
    world.webDelay = .seconds(4)
    world.web = { _ in .document("<Response/>") }
    world.document(document([5081], attributes: #"timeout="3""#))
    let screened = world.phone(5081, .answers())
    let ringing = world.phone(5082)
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(3_500))
    #expect(ringing.wasCancelled)
    #expect(!screened.wasHungUp && world.results.isEmpty)
    world.run(.seconds(2))
    #expect(meaning(caller.answerBody) == meaning(screened.script.media))
  }

  /// 13: F-3, F-5
  @Test func ofTwoScreeningsThatPassInOneInstantOneWinsAndTheOtherIsHungUp() {
    let world = AgentWorld(settings: [("media", "direct")])
    world.web = { _ in .document("<Response/>") }
    world.document(document([5081, 5082]))
    let first = world.phone(5081, .answers(port: 6001))
    let second = world.phone(5082, .answers(port: 6002))
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(answered(world) == ["answered 0", "answered 1"])
    #expect(meaning(caller.answerBody) == meaning(first.script.media))
    #expect(second.wasHungUp && !first.wasHungUp)
    #expect(second.message("BYE")?.contains("Call completed elsewhere") ?? false)
  }

  /// 14: L-33
  @Test func theTimeLimitAndAByeInOneInstantEndTheDialOnce() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, attributes: #"timeLimit="3""#))
    let callee = world.phone(5081, .answers(after: .milliseconds(500)))
    let caller = world.phone(5070)
    caller.call()
    // The 200 is with the agent after 503 ms, the limit 3 s later; the BYE takes 1 ms.
    world.run(.milliseconds(3_502))
    callee.hangUp()
    world.run(.seconds(2))
    #expect(world.results.map(\.status) == [.completed])
    #expect(world.results.first?.duration == 3)
    #expect(world.legEvents.filter { $0.hasPrefix("completed") } == ["completed 0 completed"])
    #expect(caller.wasHungUp)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  /// 16: L-47
  @Test func anActionReplyAfterTheCallersByeIsIgnored() {
    let world = AgentWorld()
    world.webDelay = .seconds(2)
    world.web = { _ in .document(AgentWorld.dial(5082)) }
    world.document(AgentWorld.dial(5081, attributes: #"action="http://w.example/done""#))
    let callee = world.phone(5081, .answers())
    let next = world.phone(5082, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    callee.hangUp()
    world.run(.seconds(1))
    #expect(world.requests.count == 1)
    caller.hangUp()
    world.run(.seconds(10))
    #expect(world.requests.count == 1)
    #expect(next.invites.isEmpty)
    #expect(world.ends.count == 1)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }
}
