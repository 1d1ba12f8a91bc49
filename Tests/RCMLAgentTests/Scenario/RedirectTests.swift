import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Phones that point elsewhere (spec U-30, Y-3).
struct RedirectTests {
  static func follows(_ count: Int) -> [(String, String)] { [("follow_redirects", "\(count)")] }

  /// A phone that answers 302 with these contacts.
  static func pointing(_ contacts: String..., code: UInt16 = 302) -> Phone.Script {
    var script = Phone.Script.rejects(code)
    script.headers = contacts.map { HeaderLine("Contact", Array($0.utf8)) }
    return script
  }

  private func world(
    _ first: Phone.Script, settings: [(String, String)] = follows(3), timeout: Int = 30
  ) -> (AgentWorld, Phone, Phone) {
    let world = AgentWorld(settings: settings)
    world.document(
      #"<Response><Dial timeout="\#(timeout)"><Sip>sip:bob@127.0.0.1:5081?X-Order=17</Sip></Dial></Response>"#
    )
    let callee = world.phone(5081, first)
    let caller = world.phone(5070)
    caller.call()
    return (world, callee, caller)
  }

  @Test func aRedirectIsNotFollowedUnlessItIsAllowed() {
    let (world, _, caller) = world(Self.pointing("<sip:bob@127.0.0.1:5082>"), settings: [])
    let other = world.phone(5082, .answers())
    world.run(.seconds(3))
    #expect(other.invites.isEmpty)
    #expect(world.legEvents == ["initiated 0", "ringing 0", "completed 0 failed"])
    #expect(world.results.first?.sipCode == 302)
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet)
  }

  @Test func aPhoneThatPointsElsewhereIsFollowedInTheSameLeg() {
    let (world, callee, caller) = world(
      Self.pointing("<sip:low@127.0.0.1:5083>;q=0.1", "<sip:high@127.0.0.1:5082?X-Bad=1>;q=0.9"))
    let high = world.phone(5082, .answers())
    let low = world.phone(5083, .answers())
    world.run(.seconds(3))
    #expect(caller.finalCode == 200)
    #expect(low.invites.isEmpty)
    // No second `initiated`, and `ringing` once.
    #expect(world.legEvents == ["initiated 0", "ringing 0", "answered 0"])
    let invite = high.message("INVITE")
    #expect(invite?.hasPrefix("INVITE sip:high@127.0.0.1:5082 SIP/2.0") == true)
    #expect(invite?.contains("\r\nCSeq: 2 INVITE\r\n") == true)
    #expect(invite?.contains("\r\nX-Order: 17\r\n") == true)
    #expect(invite?.contains("X-Bad") == false)
    func callID(_ text: String?) -> Substring? {
      text?.split(separator: "\r\n").first { $0.hasPrefix("Call-ID") }
    }
    #expect(callID(invite) == callID(callee.message("INVITE")))
    caller.hangUp()
    world.runToTheEnd()
    #expect(high.wasHungUp)
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aContactThatIsBusyIsFollowedByTheNext() {
    let (world, _, caller) = world(
      Self.pointing("<sip:a@127.0.0.1:5082>, <sip:b@127.0.0.1:5083>"))
    _ = world.phone(5082, .rejects(486))
    let second = world.phone(5083, .answers())
    world.run(.seconds(4))
    #expect(caller.finalCode == 200)
    #expect(second.invites.count == 1)
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet)
  }

  @Test func whoDeclinesForEverybodyEndsTheSearch() {
    let (world, _, _) = world(Self.pointing("<sip:a@127.0.0.1:5082>, <sip:b@127.0.0.1:5083>"))
    _ = world.phone(5082, .rejects(603))
    let second = world.phone(5083, .answers())
    world.run(.seconds(4))
    #expect(second.invites.isEmpty)
    #expect(world.results.first?.sipCode == 603)
  }

  @Test func noMoreContactsAreTriedThanTheSettingAllows() {
    let (world, _, _) = world(
      Self.pointing("<sip:a@127.0.0.1:5082>, <sip:b@127.0.0.1:5083>"), settings: Self.follows(1))
    _ = world.phone(5082, .rejects(486))
    let second = world.phone(5083, .answers())
    world.run(.seconds(4))
    #expect(second.invites.isEmpty)
    #expect(world.results.first?.sipCode == 486)
  }

  @Test func phonesThatPointAtEachOtherEnd() {
    let (world, callee, _) = world(
      Self.pointing("<sip:bob@127.0.0.1:5082>"), settings: Self.follows(10))
    let other = world.phone(5082, Self.pointing("<sip:bob@127.0.0.1:5081>"))
    world.run(.seconds(6))
    #expect(callee.invites.count == 1)
    #expect(other.invites.count == 1)
    #expect(world.legEvents.last == "completed 0 failed")
    #expect(world.results.first?.sipCode == 302)
  }

  @Test(arguments: ["<mailto:a@b>", "*", "garbage \u{1}", "<sip:a@127.0.0.1:0>", ""])
  func contactsThatAreNoneAreThePhonesOwnRefusal(contact: String) {
    let (world, _, _) = world(Self.pointing(contact))
    world.run(.seconds(3))
    #expect(world.legEvents.last == "completed 0 failed")
    #expect(world.results.first?.sipCode == 302)
    world.runToTheEnd()
    #expect(world.isQuiet)
  }

  @Test func theDialsTimeGoesOn() {
    let (world, _, _) = world(Self.pointing("<sip:a@127.0.0.1:5082>"), timeout: 5)
    let other = world.phone(5082, Phone.Script())
    world.run(.seconds(6))
    #expect(other.wasCancelled)
    #expect(world.legEvents.last == "completed 0 no-answer")
    world.runToTheEnd()
    #expect(world.isQuiet)
  }

  // Q-17: the credentials were written for another place.
  @Test func credentialsDoNotGoWhereTheRedirectPoints() {
    let world = AgentWorld(settings: Self.follows(3))
    world.document(CredentialsTests.dial())
    _ = world.phone(5081, Self.pointing("<sip:bob@127.0.0.1:5082>"))
    let locked = world.phone(5082, .answers(), settings: CredentialsTests.locked)
    world.phone(5070).call()
    world.run(.seconds(4))
    #expect(locked.lines.filter { $0.hasPrefix("INVITE") }.count == 1)
    #expect(!locked.messages.contains { String(decoding: $0, as: UTF8.self).contains("Digest") })
    #expect(world.results.first?.sipCode == 401)
  }

  // MARK: - Y-3

  private func asked(_ answer: TargetDecision?) -> (AgentWorld, Phone, Phone) {
    let world = AgentWorld(settings: Self.follows(3) + [("ask_targets", "all")])
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, Self.pointing("<sip:a:secret@127.0.0.1:5082>"))
    let (contact, instead) = (world.phone(5082, .answers()), world.phone(5083, .answers()))
    world.phone(5070).call()
    world.run(.seconds(1))
    let targets = world.targets
    #expect(targets.map(\.question.noun) == ["Sip"])
    if let first = targets.first { _ = world.command(.answer(first.id, .target(.asItIs))) }
    world.run(.seconds(1))
    let question = world.targets.last
    #expect(question?.question.noun == "Contact")
    #expect(question?.question.text == "sip:a@127.0.0.1:5082")
    if let question, let answer { _ = world.command(.answer(question.id, .target(answer))) }
    world.run(.seconds(3))
    return (world, contact, instead)
  }

  @Test func theHostAllowsAContact() {
    let (_, contact, _) = asked(.asItIs)
    #expect(contact.invites.count == 1)
  }

  @Test func theHostForbidsAContact() {
    let (world, contact, _) = asked(.denied)
    #expect(contact.invites.isEmpty)
    #expect(world.results.first?.sipCode == 302)
    #expect(world.findings.contains { $0.code == .targetDenied })
    world.runToTheEnd()
    #expect(world.isQuiet)
  }

  @Test func theHostNamesSomebodyElse() {
    let (_, contact, instead) = asked(
      .instead(uri: "sip:b@127.0.0.1:5083", username: nil, password: nil))
    #expect(contact.invites.isEmpty)
    #expect(instead.invites.count == 1)
  }

  @Test func aHostThatSaysNothingAllowsIt() {
    let (world, contact, _) = asked(nil)
    #expect(contact.invites.isEmpty)
    world.run(.seconds(11))
    #expect(contact.invites.count == 1)
  }

  @Test func whoHangsUpWhileTheHostIsAskedIsAskedNoMore() {
    let (world, contact, _) = asked(nil)
    let question = world.targets.last
    for phone in world.phones where phone.address.port == 5070 { phone.hangUp() }
    world.run(.seconds(1))
    if let question {
      #expect(world.command(.answer(question.id, .target(.asItIs))) == .failure(.gone))
    }
    world.runToTheEnd()
    #expect(contact.invites.isEmpty)
    #expect(world.isQuiet, "\(world.agent.census)")
  }
}
