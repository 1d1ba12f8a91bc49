import RCMLBasics
import RCMLMedia
import RCMLSIP
import Simulator
import Testing

@testable import RCMLAgent

/// No sound to who did not ask (spec Y-8, L-38): over UDP an SDP is a stranger's word until an ACK, a PRACK or a packet from
/// there has come.
@Suite struct StrangerSoundTests {
  static let anchored = [("media", "anchored")]
  /// Where the INVITE's SDP wants sound.
  static let named = AgentWorld.place(4000)
  static let answering =
    #"<Response><Dial answerOnBridge="false" timeout="100"><Sip>sip:b@127.0.0.1:5081</Sip></Dial></Response>"#

  func world(_ document: String, _ callee: Phone.Script) -> (AgentWorld, caller: Phone) {
    let world = AgentWorld(settings: Self.anchored)
    world.document(document)
    _ = world.phone(5081, callee)
    return (world, world.phone(5070))
  }

  func early() -> Phone.Script {
    var script = Phone.Script()
    script.ringCode = 183
    script.ringsWithMedia = true
    return script
  }

  @Test func whoNeverAcknowledgesIsSentNothingAndTheCallEndsAfter32Seconds() {
    // [Y-8] [L-38]
    let (world, caller) = world(Self.answering, Phone.Script())
    caller.call()
    caller.isDeaf = true
    world.run(.seconds(31))
    #expect(world.agent.census.calls == 1)
    #expect(!world.sentTo.contains(Self.named))
    world.run(.seconds(3))
    #expect(world.ends.count == 1)
    #expect(!world.sentTo.contains(Self.named))
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func anAcknowledgementLetsItHearAllFromTheBeginning() {
    let (world, caller) = world(Self.answering, Phone.Script())
    let speaker = world.speaker(4000)
    // The 200 and its ACK take their time: what is played waits for the ACK.
    caller.isDeaf = true
    caller.call()
    world.run(.milliseconds(700))
    #expect(world.speakers[speaker].heard.isEmpty)
    caller.isDeaf = false
    world.run(.seconds(2))
    #expect(caller.finalCode == 200)
    let from = world.speakers[speaker].heardFrom ?? world.now
    // The first two seconds of ringing in the United States are a tone.
    #expect(world.speakers[speaker].amplitude(of: 440, from: from, to: from + .seconds(1)) > 500)
    world.isSilent = true
    caller.hangUp()
    world.runToTheEnd()
  }

  @Test func earlyMediaWaitsForAPacketFromThere() {
    // [U-20] [Y-8]
    let (world, caller) = world(AgentWorld.dial(5081), early())
    let callee = world.speaker(6000, says: Tone.make([800], milliseconds: 400))
    let own = world.speaker(4000)
    caller.script.takesReliable = false
    caller.call()
    world.run(.seconds(1))
    #expect(caller.provisionals.contains(183))
    guard case .provisional(_, let body)? = caller.events.last else {
      Issue.record("no 183")
      return
    }
    point(callee, in: world)
    world.run(.seconds(2))
    #expect(world.speakers[own].heard.isEmpty)
    // Its telephone begins to speak, as most do once they were told where to.
    world.point(own, by: body)
    world.speakers[own].voice = Tone.make([400], milliseconds: 400)
    world.run(.seconds(1))
    #expect(hears(own, in: world))
    world.isSilent = true
    caller.hangUp()
    world.runToTheEnd()
  }

  @Test func earlyMediaIsHeardAtOnceByWhoeverSendsPRACK() {
    let (world, caller) = world(AgentWorld.dial(5081), early())
    let callee = world.speaker(6000, says: Tone.make([800], milliseconds: 400))
    let own = world.speaker(4000)
    caller.call()
    world.run(.seconds(1))
    point(callee, in: world)
    world.run(.seconds(1))
    #expect(hears(own, in: world))
    world.isSilent = true
    caller.hangUp()
    world.runToTheEnd()
  }

  @Test func aCallerOverTCPIsWhereItSays() {
    let (world, caller) = world(AgentWorld.dial(5081), early())
    let callee = world.speaker(6000, says: Tone.make([800], milliseconds: 400))
    let own = world.speaker(4000)
    caller.script.takesReliable = false
    caller.call(to: "sip:service@127.0.0.1:5060;transport=tcp")
    world.run(.seconds(1))
    point(callee, in: world)
    world.run(.seconds(1))
    #expect(hears(own, in: world))
    world.isSilent = true
    caller.hangUp()
    world.runToTheEnd()
  }

  /// The callee, in the next half second.
  private func hears(_ own: Int, in world: AgentWorld) -> Bool {
    let from = world.now
    world.run(.milliseconds(500))
    return world.speakers[own].amplitude(of: 800, from: from, to: world.now) > 1_000
  }

  /// The callee's sound goes where its INVITE says.
  private func point(_ callee: Int, in world: AgentWorld) {
    world.point(callee, by: world.phones[0].invites.first?.body)
  }
}
