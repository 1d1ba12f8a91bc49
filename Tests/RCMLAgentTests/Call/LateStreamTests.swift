import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// A stream of ours that opens late keeps nothing that does not need it (StreamWait.table.md, I-S5).
struct LateStreamTests {
  // L-32, K-3: events, the Dial's end and the call's are told at once.
  @Test func aCallerThatLeavesWhileAStreamIsOpenedIsGoneAtOnce() {
    let world = AgentWorld(settings: [("media", "anchored")])
    world.document(AgentWorld.dial(5081, 5082))
    let callees = [world.phone(5081, .answers()), world.phone(5082, .answers())]
    let caller = world.phone(5070)
    world.heldMedia = []
    caller.call()
    world.run(.milliseconds(100))
    #expect(world.legEvents == ["initiated 0", "initiated 1"])
    caller.hangUp()
    world.run(.milliseconds(100))
    #expect(
      world.legEvents == [
        "initiated 0", "initiated 1", "completed 0 canceled", "completed 1 canceled",
      ])
    #expect(world.results.map(\.status) == [.canceled])
    #expect(world.ends.map(\.status) == [.canceled])
    world.releaseMedia()
    world.runToTheEnd()
    let dialled = callees.filter { !$0.invites.isEmpty }
    #expect(dialled.isEmpty)
    #expect(world.media.openCount == 0)
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // L-46: the host ends the call while a leg's stream is opened: BYE at once, and no INVITE.
  @Test func aCallThatTheHostEndsWhileALegsStreamIsOpenedGetsItsBYEAtOnce() {
    let world = AgentWorld(settings: [("media", "anchored")])
    world.document(
      AgentWorld.dial(5081).replacing(
        "<Response>", with: #"<Response><Say>a</Say><Pause length="1"/>"#))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(500))
    #expect(caller.finalCode == 200)
    world.heldMedia = []
    world.run(.seconds(1))
    #expect(world.legEvents == ["initiated 0"])
    world.command(.onCall(CallNumber(1), .hangUp))
    world.run(.milliseconds(100))
    #expect(caller.wasHungUp)
    #expect(world.legEvents == ["initiated 0", "completed 0 canceled"])
    #expect(world.ends.map(\.status) == [.completed])
    world.releaseMedia()
    world.runToTheEnd()
    #expect(callee.invites.isEmpty)
    #expect(world.media.openCount == 0)
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // L-19, L-30: the winner and the caller are joined while another leg's stream is opened; that leg is not dialled.
  @Test func aWinnerDoesNotWaitForAnotherLegsStream() {
    let world = AgentWorld(settings: [("media", "anchored")])
    world.document(AgentWorld.dial(5081, 5082))
    let (first, second) = (world.phone(5081, .answers()), world.phone(5082, .answers()))
    let caller = world.phone(5070)
    world.heldMedia = []
    caller.call()
    world.run(.milliseconds(100))
    // The caller's, then the first leg's.
    for _ in 0..<2 {
      world.releaseMedia()
      world.heldMedia = []
      world.run(.milliseconds(10))
    }
    #expect(first.invites.count == 1)
    world.run(.seconds(1))
    #expect(caller.finalCode == 200)
    #expect(
      world.legEvents == [
        "initiated 0", "initiated 1", "ringing 0", "answered 0", "completed 1 canceled",
      ])
    first.hangUp()
    world.run(.milliseconds(100))
    #expect(world.results.map(\.status) == [.completed])
    world.releaseMedia()
    world.runToTheEnd()
    #expect(second.invites.isEmpty)
    #expect(world.media.openCount == 0)
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // I-M2: nobody speaks to a caller that left while its stream was opened.
  @Test func aPromptThatWaitsForAStreamIsNotPlayedToACallerThatLeft() {
    let world = AgentWorld()
    world.document(
      AgentWorld.dial(5081, then: #"<Gather timeout="5"><Play>http://w/a.wav</Play></Gather>"#))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    caller.call()
    world.run(.seconds(2))
    world.heldMedia = []
    callee.hangUp()
    world.run(.milliseconds(200))
    #expect(world.results.count == 1)
    #expect(world.ends.isEmpty)
    caller.hangUp()
    world.run(.milliseconds(100))
    #expect(world.ends.map(\.status) == [.completed])
    world.releaseMedia()
    world.runToTheEnd()
    #expect(world.sentTo.isEmpty)
    #expect(world.media.openCount == 0)
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // Q-6, K-3: draining does not wait for a stream either.
  @Test func aDrainedAgentTellsTheEndOfALegWhoseStreamNeverCame() {
    let world = AgentWorld(settings: [("media", "anchored")])
    world.document(AgentWorld.dial(5081))
    let caller = world.phone(5070)
    world.heldMedia = []
    caller.call()
    world.run(.milliseconds(100))
    world.command(.drain)
    world.command(.onCall(CallNumber(1), .hangUp))
    world.run(.seconds(200))
    #expect(world.legEvents == ["initiated 0", "completed 0 canceled"])
    #expect(world.ends.count == 1)
    #expect(world.isDrained)
  }
}
