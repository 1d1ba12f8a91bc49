import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// The calendar is set, the machine sleeps, the host looks away (failures H10).
@Suite struct ClockTests {
  private static let day: Int64 = 86_400_000_000

  /// The machine's calendar from now on says so much more than it would have.
  private func setCalendar(_ world: AgentWorld, by microseconds: Int64) {
    let elapsed = (world.now - Instant(nanoseconds: 1_000_000_000)).nanoseconds / 1_000
    let wall = WallClock(
      unixMicroseconds: 1_727_874_309_000_000 + elapsed + microseconds, at: world.now)
    world.agent.handle(.wallClock(wall), at: world.now)
    world.drain()
  }

  /// Nobody drives the agent meanwhile.
  private func lookAway(_ world: AgentWorld, _ interval: Interval) {
    world.now = world.now + interval
    world.run(.zero)
  }

  private func talking(_ world: AgentWorld) -> Phone {
    world.web = { _ in .status(204) }
    world.document(
      "<Response><Dial action='http://web/after'><Sip statusCallback='http://web/told'>sip:a@127.0.0.1:5081</Sip></Dial></Response>"
    )
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(10))
    return caller
  }

  private func durations(_ world: AgentWorld) -> [String] {
    let told = world.requests.compactMap {
      $0["StatusCallbackEvent"] == "completed" ? $0["CallDuration"] : $0["DialCallDuration"]
    }
    return told + world.results.map { "\($0.duration)" }
  }

  /// M-6, P-25, P-42, failures H10
  @Test(arguments: [day, -day, 600_000_000])
  func aCalendarThatIsSetDuringACallChangesNoDuration(by microseconds: Int64) {
    let world = AgentWorld()
    let caller = talking(world)
    setCalendar(world, by: microseconds)
    world.run(.seconds(10))
    setCalendar(world, by: 0)
    world.run(.seconds(10))
    caller.hangUp()
    world.run(.seconds(5))
    #expect(durations(world).count == 3)
    #expect(durations(world).allSatisfy { $0 == "29" }, "\(durations(world))")
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aCalendarThatIsSetRingsNobodyLongerOrShorter() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, attributes: "timeout=\"20\""))
    _ = world.phone(5081)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(5))
    setCalendar(world, by: Self.day)
    world.run(.seconds(14))
    #expect(caller.finalCode == nil)
    setCalendar(world, by: -Self.day)
    world.run(.seconds(2))
    #expect(world.legEvents.last == "completed 0 no-answer")
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  /// RFC 3261 §17.1.1.2: timer A may be far behind, but what it owes is not sent in a burst.
  @Test func aHostThatLooksAwayForTenMinutesRepeatsNoRequestMoreThanOnce() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, 5082))
    let deaf = world.phone(5081)
    deaf.isDeaf = true
    let other = world.phone(5082)
    other.isDeaf = true
    world.phone(5070).call()
    world.run(.seconds(1))
    let before = (deaf.lines.count, other.lines.count)
    #expect(before.0 >= 2)
    lookAway(world, .seconds(600))
    world.run(.milliseconds(5))
    #expect(deaf.lines.count - before.0 <= 1, "\(deaf.lines)")
    #expect(other.lines.count - before.1 <= 1, "\(other.lines)")
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  /// RFC 3261 §13.3.1.4: the same for a 2xx whose ACK never came; a BYE ends it.
  @Test func aHostThatLooksAwayForTenMinutesRepeatsNo2xxMoreThanOnce() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(400))
    caller.isDeaf = true
    world.run(.seconds(2))
    let answers = caller.lines.filter { $0 == "SIP/2.0 200" }.count
    #expect(answers >= 2)
    lookAway(world, .seconds(600))
    world.run(.milliseconds(5))
    #expect(caller.lines.filter { $0 == "SIP/2.0 200" }.count - answers <= 1)
    #expect(caller.lines.filter { $0.hasPrefix("BYE") }.count <= 1)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  /// M-6: it is what the caller's bill says, too.
  @Test func aHostThatLooksAwayForTenMinutesOfACallCountsThem() {
    let world = AgentWorld()
    let caller = talking(world)
    lookAway(world, .seconds(600))
    world.run(.seconds(10))
    #expect(caller.wasHungUp == false)
    caller.hangUp()
    world.run(.seconds(5))
    #expect(durations(world).count == 3)
    #expect(durations(world).allSatisfy { $0 == "619" }, "\(durations(world))")
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }
}
