import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Keys that do not come as RTP reach the other party all the same (spec U-62, U-25, L-34, Q-30).
struct KeyPassingTests {
  static let relay = "application/dtmf-relay"

  /// Two phones that talk to each other, media from phone to phone.
  private func bridged(
    _ attributes: String = "", settings: [(String, String)] = []
  ) -> (world: AgentWorld, caller: Phone, callee: Phone) {
    let world = AgentWorld(settings: settings)
    world.document(
      AgentWorld.dial(5081, attributes: attributes, then: "<Pause length=\"60\"/>"))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    return (world, caller, callee)
  }

  @Test(arguments: ["auto", "direct"])
  func aKeyByInfoReachesTheOtherPhoneAsInfoInTheSameForm(media: String) {
    let (world, caller, callee) = bridged(settings: [("media", media)])
    caller.info(Self.relay, "Signal=5\r\nDuration=240\r\n")
    world.run(.seconds(1))
    #expect(callee.infos == ["application/dtmf-relay|Signal=5\r\nDuration=240\r\n"])
    callee.info("application/dtmf", "7")
    world.run(.seconds(1))
    #expect(caller.infos == ["application/dtmf|7"])
    #expect(world.digits == Array("57".utf8))
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet)
  }

  @Test func everyPressIsPassedOnAndInItsOrder() {
    let (world, caller, callee) = bridged()
    for key in ["1", "1", "2", "#"] {
      caller.info("application/dtmf", key)
      world.run(.milliseconds(100))
    }
    world.run(.seconds(1))
    #expect(callee.infos == ["1", "1", "2", "#"].map { "application/dtmf|" + $0 })
  }

  @Test func theStarThatHangsUpIsNotPassedOnButTheCalleesIs() {
    // L-34. Else the sound would come by here, so that the star is heard in it.
    let (world, caller, callee) = bridged(
      "hangupOnStar=\"true\"", settings: [("media", "direct")])
    callee.info(Self.relay, "Signal=*")
    world.run(.seconds(1))
    #expect(caller.infos == ["application/dtmf-relay|Signal=*"])
    #expect(!callee.wasHungUp)
    caller.info(Self.relay, "Signal=*")
    world.run(.seconds(1))
    #expect(callee.infos.isEmpty)
    #expect(callee.wasHungUp)
    #expect(world.results.map(\.status) == [.completed])
  }

  @Test func withoutHangupOnStarTheStarIsAKeyLikeAnyOther() {
    let (world, caller, callee) = bridged()
    caller.info(Self.relay, "Signal=*")
    world.run(.seconds(1))
    #expect(callee.infos == ["application/dtmf-relay|Signal=*"])
    #expect(!callee.wasHungUp)
  }

  @Test func whatWeCannotReadAsAKeyIsTheOtherPartysAllTheSame() {
    let (world, caller, callee) = bridged()
    caller.info(Self.relay, "Signal=hookflash")
    world.run(.seconds(1))
    #expect(callee.infos == ["application/dtmf-relay|Signal=hookflash"])
    #expect(world.digits.isEmpty)
  }

  @Test func nobodyHearsTheKeysOfAPartyThatTalksToNobody() {
    let (world, caller, callee) = bridged()
    callee.hangUp()
    world.run(.seconds(1))
    caller.info(Self.relay, "Signal=5")
    world.run(.seconds(1))
    #expect(callee.infos.isEmpty)
    #expect(world.digits == Array("5".utf8))
  }

  @Test func aKeyOfTheHostReachesThePhoneAsInfo() {
    let (world, _, callee) = bridged()
    world.command(.onCall(CallNumber(1), .digit(UInt8(ascii: "7"))))
    world.run(.seconds(1))
    #expect(callee.infos == ["application/dtmf-relay|Signal=7\r\nDuration=160\r\n"])
  }

  // MARK: early media

  @Test func aKeyByInfoReachesTheLegThatIsHeardBeforeItAnswers() {
    // U-20
    let world = AgentWorld(settings: [("media", "anchored")])
    world.document(AgentWorld.dial(5081, attributes: "answerOnBridge=\"false\""))
    var script = Phone.Script.answers(after: .seconds(60), port: 6081)
    script.ringCode = 183
    script.ringsWithMedia = true
    let callee = world.phone(5081, script)
    let caller = world.phone(5070)
    world.speaker(4000)
    let ear = world.speaker(6081)
    caller.call(AgentWorld.sdp(port: 4000))
    world.run(.seconds(1))
    world.point(0, by: caller.answerBody)
    world.point(ear, by: callee.invites.first?.body)
    caller.info(Self.relay, "Signal=5")
    world.run(.seconds(1))
    #expect(world.digits == Array("5".utf8))
    #expect(world.speakers[ear].keys == Array("5".utf8), "\(caller.lines)")
    world.isSilent = true
  }

  @Test(arguments: ["auto", "direct"])
  func aKeyByInfoPassesInAnEarlyDialogWhenMediaIsDirect(media: String) {
    // U-20, U-62
    let world = AgentWorld(settings: [("media", media)])
    world.document(AgentWorld.dial(5081))
    var script = Phone.Script.answers(after: .seconds(60), port: 6081)
    script.ringCode = 183
    script.ringsWithMedia = true
    let callee = world.phone(5081, script)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    caller.info(Self.relay, "Signal=5")
    world.run(.seconds(1))
    #expect(callee.infos == ["application/dtmf-relay|Signal=5"])
    callee.info("application/dtmf", "7")
    world.run(.seconds(1))
    #expect(caller.infos == ["application/dtmf|7"])
    #expect(world.digits == Array("57".utf8))
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet)
  }

  // MARK: parties of the host's

  /// A phone calls, a party of the host's is dialled and answers.
  private func phoneToHost(
    _ media: String, attributes: String = ""
  ) -> (world: AgentWorld, caller: Phone) {
    let world = AgentWorld(settings: [("ask_targets", "all")])
    world.document("<Response><Dial \(attributes)><Client>desk</Client></Dial></Response>")
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(200))
    world.resolveTargets(to: "host:desk;media=\(media)")
    let sdp = media == "sdp" ? AgentWorld.sdp(port: 7_000) : []
    world.hostSays(.answers(sdp: sdp), of: 0)
    world.run(.seconds(1))
    return (world, caller)
  }

  @Test(arguments: ["sdp", "linear16"])
  func aPartyOfTheHostsIsToldOfTheKeysItHears(media: String) {
    // Q-30
    let (world, caller) = phoneToHost(media)
    caller.info(Self.relay, "Signal=5")
    world.run(.seconds(1))
    #expect(world.hostActions(.leg(LegNumber(0))) == ["call desk", "key 5"])
    #expect(caller.infos.isEmpty)
  }

  @Test func theStarThatHangsUpIsNotToldToAPartyOfTheHosts() {
    // L-34, Q-30
    let (world, caller) = phoneToHost("linear16", attributes: "hangupOnStar=\"true\"")
    caller.info(Self.relay, "Signal=*")
    world.run(.seconds(1))
    #expect(world.hostActions(.leg(LegNumber(0))) == ["call desk", "hangUp"])
  }

  @Test func aKeyAsRTPIsToldToThePartyOfTheHostsThatHearsIt() {
    let world = AgentWorld()
    world.hostCall(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers(port: 6081))
    let voice = world.speaker(6081)
    world.run(.seconds(2))
    world.point(voice, by: callee.invites.first?.body)
    world.speakers[voice].pressKey(UInt8(ascii: "9"))
    world.run(.seconds(1))
    #expect(world.hostActions().last == "key 9")
    world.isSilent = true
  }

  @Test func aKeyOfAPartyOfTheHostsReachesThePhoneAsInfo() {
    let (world, caller) = phoneToHost("sdp")
    world.hostSays(.presses(UInt8(ascii: "3")), of: 0)
    world.run(.seconds(1))
    #expect(caller.infos == ["application/dtmf-relay|Signal=3\r\nDuration=160\r\n"])
  }
}
