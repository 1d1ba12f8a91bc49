import RCMLBasics
import RCMLDial
import RCMLMedia
import Testing

@testable import RCMLAgent

/// Callers and targets on lines of the host's own: the same calls as with phones.
struct HostPartyTests {
  static let noun = "<Response><Dial><Client>desk</Client></Dial></Response>"

  // MARK: callers

  @Test func aCallerOfTheHostRingsIsAnsweredAndTalksToAPhone() {
    // L-2, L-3, L-25, L-27
    let world = AgentWorld()
    let callee = world.phone(5081, .answers(after: .seconds(1)))
    #expect(world.hostCall(AgentWorld.dial(5081)) == .success(.called(CallNumber(1))))
    world.run(.seconds(3))
    #expect(world.hostActions() == ["ring 180", "answer"])
    #expect(world.legEvents == ["initiated 0", "ringing 0", "answered 0"])
    #expect(callee.invites.count == 1)
    let offer = meaning(callee.invites.first?.body)
    #expect(offer.contains("m=audio") && !offer.contains("m=audio 9 "))
    #expect(world.hostSays(.ends(code: 0)) == .success(.done))
    world.run(.seconds(1))
    #expect(callee.wasHungUp)
    #expect(world.ends.map(\.hangupBy) == [.caller])
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aPhoneThatHangsUpEndsTheHostsCaller() {
    let world = AgentWorld()
    let callee = world.phone(5081, .answers())
    world.hostCall(AgentWorld.dial(5081))
    world.run(.seconds(2))
    callee.hangUp()
    world.runToTheEnd()
    #expect(world.hostActions().last == "hangUp")
    #expect(world.ends.count == 1)
    #expect(world.hostSays(.ends(code: 0)).isRefused(RefusalCode.gone))
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aBusyPhoneIsWhatTheHostsCallerIsRefusedWith() {
    // M-30
    let world = AgentWorld()
    _ = world.phone(5081, .rejects(486))
    world.hostCall(AgentWorld.dial(5081))
    world.runToTheEnd()
    #expect(world.hostActions().last == "reject 486")
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aCallerOfTheHostWhoGivesUpCancelsThePhones() {
    // L-32
    let world = AgentWorld()
    let callee = world.phone(5081, .answers(after: .seconds(600)))
    world.hostCall(AgentWorld.dial(5081))
    world.run(.seconds(2))
    world.hostSays(.ends(code: 0))
    world.runToTheEnd()
    #expect(callee.wasCancelled)
    #expect(world.legEvents.last == "completed 0 canceled")
    #expect(world.ends.map(\.status) == [.canceled])
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func withoutADocumentTheCallerWaitsAndIsTheHostsToAnswerOrRefuse() {
    let world = AgentWorld()
    world.hostCall(nil)
    #expect(world.command(.onCall(CallNumber(1), .ring(code: 180))) == .success(.done))
    #expect(world.command(.onCall(CallNumber(1), .answer)) == .success(.done))
    world.run(.seconds(1))
    #expect(world.hostActions() == ["ring 180", "answer"])
    world.command(.onCall(CallNumber(1), .hangUp))
    #expect(world.hostActions().last == "hangUp")
    world.hostCall(nil)
    world.command(.onCall(CallNumber(2), .reject(code: 603, phrase: "Decline")))
    world.hostCall(nil)
    world.run(.seconds(31))
    #expect(world.hostActions() == ["ring 180", "answer", "hangUp", "reject 603", "reject 480"])
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test(arguments: [("direct", true), ("anchored", false), ("auto", true)])
  func descriptionsOfTheHostsCallerGoWhereThoseOfAPhoneGo(media: String, isDirect: Bool) {
    // Architecture §4
    let world = AgentWorld(settings: [("media", media)])
    let callee = world.phone(5081, .answers())
    world.hostCall(AgentWorld.dial(5081), media: .sdp, sdp: AgentWorld.offer)
    world.run(.seconds(2))
    #expect(world.hostActions() == ["ring 180", "answer"])
    let isOffered = meaning(callee.invites.first?.body) == meaning(AgentWorld.offer)
    let isAnswered = meaning(world.hostDescription()) == meaning(callee.script.media)
    #expect(isOffered == isDirect && isAnswered == isDirect)
    let description = meaning(world.hostDescription())
    #expect(description.contains("c=IN IP4 127.0.0.1"))
    world.hostSays(.ends(code: 0))
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aCallerWithoutAnOfferIsOfferedOursAndTheHostAnswersIt() {
    // L-6
    let world = AgentWorld()
    let callee = world.phone(5081, .answers())
    world.hostCall(AgentWorld.dial(5081), media: .sdp)
    world.run(.seconds(2))
    #expect(world.hostActions() == ["ring 180", "answer"])
    let description = meaning(world.hostDescription())
    #expect(description.contains("m=audio"))
    #expect(world.hostSays(.answers(sdp: AgentWorld.offer)) == .success(.done))
    world.run(.seconds(1))
    #expect(!callee.wasHungUp)
    world.hostSays(.ends(code: 0))
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func holdOfTheHostsCallerReachesThePhoneAndItsAnswerComesBack() {
    // U-23
    let world = AgentWorld(settings: [("media", "direct")])
    let callee = world.phone(5081, .answers())
    world.hostCall(AgentWorld.dial(5081), media: .sdp, sdp: AgentWorld.offer)
    world.run(.seconds(2))
    let held = AgentWorld.sdp(port: 4000, direction: "sendonly")
    callee.script.media = AgentWorld.sdp(port: 6000, direction: "recvonly")
    #expect(world.hostSays(.offers(sdp: held)) == .success(.done))
    #expect(world.hostSays(.offers(sdp: held)).isRefused(RefusalCode.state))
    world.run(.seconds(1))
    #expect(callee.offers.map { meaning($0) } == [meaning(held)])
    #expect(world.hostActions().last == "accepted")
    #expect(meaning(world.hostDescription()) == meaning(callee.script.media))
    callee.offer(AgentWorld.sdp(port: 6002))
    world.run(.seconds(1))
    #expect(world.hostActions().last == "offer")
    #expect(world.hostSays(.refuses(code: 488)) == .success(.done))
    world.run(.seconds(1))
    let refused = callee.events.compactMap { event -> UInt16? in
      if case .offerRefused(let code) = event { code } else { nil }
    }
    #expect(refused == [488])
    world.hostSays(.ends(code: 0))
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // MARK: targets

  @Test func aNounThatTheHostKnowsIsAPartyOfItsOwn() {
    // D-22
    let world = AgentWorld(settings: [("ask_targets", "nouns")])
    world.document(Self.noun)
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(100))
    world.resolveTargets(to: "host:desk")
    let leg = Party.leg(LegNumber(0))
    #expect(world.hostActions(leg) == ["call desk"])
    #expect(world.hostSays(.rings(code: 180, sdp: []), of: 0) == .success(.done))
    world.run(.milliseconds(100))
    #expect(caller.provisionals.contains(180))
    #expect(world.hostSays(.answers(sdp: []), of: 0) == .success(.done))
    world.run(.seconds(1))
    #expect(caller.finalCode == 200)
    #expect(world.legEvents == ["initiated 0", "ringing 0", "answered 0"])
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.hostActions(leg) == ["call desk", "hangUp"])
    #expect(world.legEvents.last == "completed 0 completed")
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test(arguments: [(UInt16(0), "no-answer"), (486, "busy"), (603, "busy"), (404, "failed")])
  func aPartyThatDoesNotComeEndsItsLegAsAPhoneWould(code: UInt16, status: String) {
    // L-18, M-1
    let world = AgentWorld(settings: [("ask_targets", "nouns")])
    world.document(Self.noun)
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(100))
    world.resolveTargets(to: "host:desk")
    world.hostSays(.ends(code: code), of: 0)
    world.runToTheEnd()
    #expect(world.legEvents.last == "completed 0 \(status)")
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func theLoserOfARaceIsHungUpAtTheHost() {
    // F-5, L-19, L-21
    let world = AgentWorld(settings: [("ask_targets", "nouns")])
    world.document(
      "<Response><Dial><Client>desk</Client><Sip>sip:b@127.0.0.1:5082</Sip></Dial></Response>")
    let winner = world.phone(5082, .answers(after: .seconds(2)))
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(100))
    world.resolveTargets(to: "host:desk;media=pcma")
    let desk = UInt32(1)  // the phone was called while the host was asked
    #expect(world.hostSays(.rings(code: 180, sdp: []), of: desk) == .success(.done))
    world.run(.seconds(4))
    #expect(world.hostActions(.leg(LegNumber(desk))).last == "hangUp")
    #expect(world.legEvents.contains("completed \(desk) canceled"))
    #expect(!winner.wasHungUp && caller.finalCode == 200)
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aDocumentAloneCannotNameAPartyOfTheHosts() {
    // S-1
    let world = AgentWorld()
    world.document("<Response><Dial><Sip>host:desk</Sip></Dial></Response>")
    let caller = world.phone(5070)
    caller.call()
    world.runToTheEnd()
    #expect(world.hostActions(.leg(LegNumber(0))).isEmpty)
    #expect(world.legEvents.last == "completed 0 failed")
  }

  @Test(arguments: ["host:", "host:a b", "host:desk;media=opus", "host:desk;x=1", "host:a\r\nb"])
  func aPartyThatCannotBeReadIsRefusedAndTheQuestionStaysOpen(uri: String) {
    let world = AgentWorld(settings: [("ask_targets", "nouns")])
    world.document(Self.noun)
    world.phone(5070).call()
    world.run(.milliseconds(100))
    let id = world.targets[0].id
    let answer = Command.answer(id, .target(.instead(uri: uri, username: nil, password: nil)))
    #expect(world.command(answer).isRefused(RefusalCode.uri))
    world.resolveTargets(to: "host:desk")
    #expect(world.hostActions(.leg(LegNumber(0))) == ["call desk"])
  }

  @Test func framesAreNotCarriedWhereMediaIsDirect() {
    let world = AgentWorld(settings: [("ask_targets", "nouns"), ("media", "direct")])
    #expect(world.hostCall(AgentWorld.dial(5081)).isRefused(RefusalCode.state))
    #expect(world.hostCall(AgentWorld.dial(5081), media: .sdp).isRefused(RefusalCode.state))
    world.document(Self.noun)
    world.phone(5070).call()
    world.run(.milliseconds(100))
    world.resolveTargets(to: "host:desk")
    world.runToTheEnd()
    #expect(world.legEvents.last == "completed 0 failed")
    #expect(world.findings.contains { $0.code == .mediaRefused })
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // MARK: bad input

  @Test func whatTheHostSaysOutOfPlaceIsRefusedAndHarmsNothing() {
    let world = AgentWorld()
    let callee = world.phone(5081, .answers())
    #expect(world.hostSays(.answers(sdp: [])).isRefused(RefusalCode.gone))
    world.hostCall(AgentWorld.dial(5081))
    #expect(world.hostSays(.answers(sdp: [])).isRefused(RefusalCode.state))
    #expect(world.hostSays(.rings(code: 200, sdp: [])).isRefused(RefusalCode.argument))
    #expect(world.hostSays(.rings(code: 180, sdp: [])).isRefused(RefusalCode.state))
    #expect(world.hostSays(.ends(code: 200)).isRefused(RefusalCode.argument))
    #expect(world.hostSays(.presses(0x20)).isRefused(RefusalCode.argument))
    #expect(world.hostSays(.answers(sdp: []), of: 0).isRefused(RefusalCode.state))
    #expect(world.hostSays(.answers(sdp: []), of: 9).isRefused(RefusalCode.gone))
    world.run(.seconds(2))
    #expect(world.hostSays(.presses(0x31)) == .success(.done))
    #expect(world.hostActions() == ["ring 180", "answer"] && !callee.wasHungUp)
  }

  @Test(arguments: [
    "a\r\nX-Evil: 1", "sip:a@b\r\nVia: x", "sip:", "tel:+49;x=y\r\n",
  ])
  func aNameThatIsNoPartyIsRefused(text: String) {
    // Failures P9
    let world = AgentWorld()
    #expect(world.hostCall(AgentWorld.dial(5081), from: text).isRefused(RefusalCode.uri))
    #expect(world.hostCall(AgentWorld.dial(5081), to: text).isRefused(RefusalCode.uri))
  }

  @Test(arguments: [
    ("+4930123", "+4930123"), ("alice", "sip:alice@127.0.0.1"), ("tel:+4930123", "+4930123"),
    ("sip:bob@example.com", "sip:bob@example.com"), ("", "sip:anonymous@anonymous.invalid"),
  ])
  func theCallerIsShownAsAPhoneWouldBe(text: String, shown: String) {
    // P-3
    let world = AgentWorld()
    world.web = { _ in .document("<Response><Hangup/></Response>") }
    world.command(
      .hostCall(
        HostCaller(from: text, to: "200", media: .linear16),
        .url("http://web/voice", method: "POST")))
    world.run(.seconds(1))
    #expect(world.requests.first?["From"] == shown)
    #expect(world.requests.first?["To"] == "200")
  }
}

extension Result where Success == CommandResult, Failure == Refusal {
  func isRefused(_ code: Int32) -> Bool {
    if case .failure(let refusal) = self { refusal.code == code } else { false }
  }
}
