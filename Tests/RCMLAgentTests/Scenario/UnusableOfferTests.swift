import RCMLBasics
import RCMLDial
import RCMLMedia
import Testing

@testable import RCMLAgent

/// Callers who offer nothing that can be spoken and heard here (spec L-49), and answers that come too late (L-37).
struct UnusableOfferTests {
  /// G.722 and Opus: neither PCMU nor PCMA.
  private static let wideband = sdp(4000)

  private static func sdp(_ port: Int) -> [UInt8] {
    Array(
      """
      v=0\r
      o=phone 1 1 IN IP4 127.0.0.1\r
      s=-\r
      c=IN IP4 127.0.0.1\r
      t=0 0\r
      m=audio \(port) RTP/AVP 9 111 101\r
      a=rtpmap:9 G722/8000\r
      a=rtpmap:111 opus/48000/2\r
      a=rtpmap:101 telephone-event/8000\r

      """.utf8)
  }

  private func world(
    _ document: String, settings: [(String, String)] = []
  ) -> (world: AgentWorld, caller: Phone, callee: Phone) {
    let world = AgentWorld(settings: settings)
    world.web = { _ in .document("<Response/>") }
    world.document(document)
    var script = Phone.Script.answers()
    script.media = Self.sdp(6000)
    let callee = world.phone(5081, script)
    let caller = world.phone(5070)
    caller.call(Self.wideband)
    return (world, caller, callee)
  }

  /// 488, and nothing of the document but its end.
  private func expectRefusal(_ world: AgentWorld, _ caller: Phone, _ callee: Phone) {
    world.run(.seconds(5))
    #expect(caller.finalCode == 488)
    #expect(caller.provisionals.isEmpty)
    #expect(callee.invites.isEmpty)
    #expect(world.legEvents.isEmpty)
    #expect(world.results.isEmpty)
    #expect(world.requests.isEmpty)
    #expect(!world.events.contains { if case .onCall(_, .answered) = $0 { true } else { false } })
    #expect(world.ends.map(\.sipCode) == [488])
    #expect(world.ends.map(\.status) == [.failed])
    #expect(world.findings.contains { $0.code == .mediaRefused })
    world.runToTheEnd()
    #expect(world.ends.count == 1)
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // L-49
  @Test func aCallerWithoutG711WhoseDocumentSpeaksGets488AndNoLegIsDialled() {
    let (world, caller, callee) = world(
      AgentWorld.dial(5081, attributes: #"timeLimit="600" action="http://w/after""#)
        .replacing("<Response>", with: "<Response><Say>hello</Say>"))
    expectRefusal(world, caller, callee)
  }

  // L-49, L-3
  @Test func aDialThatAnswersAtOnceIsNotBegunForACallerWithoutG711() {
    let (world, caller, callee) = world(
      AgentWorld.dial(5081, attributes: #"answerOnBridge="false" action="http://w/after""#))
    expectRefusal(world, caller, callee)
  }

  // L-49: a prompt for the called party, or a recording, needs G.711 on both sides.
  @Test(arguments: [
    #"<Dial action="http://w/after"><Sip url="http://w/screen">sip:b@127.0.0.1:5081</Sip></Dial>"#,
    #"<Dial record="record-from-answer"><Sip>sip:b@127.0.0.1:5081</Sip></Dial>"#,
    #"<Dial record="record-from-ringing"><Sip>sip:b@127.0.0.1:5081</Sip></Dial>"#,
  ])
  func aDialWhoseMediaMustBeHeardHereIsNotBegunForACallerWithoutG711(_ dial: String) {
    let (world, caller, callee) = world(
      "<Response>\(dial)</Response>", settings: [("recordings", "/r")])
    expectRefusal(world, caller, callee)
  }

  // L-49
  @Test(arguments: ["<Gather/>", "<Record/>", "<Play>http://w/a.wav</Play>"])
  func everyVerbThatNeedsSoundIsRefusedToACallerWithoutG711(_ verb: String) {
    let (world, caller, callee) = world(
      AgentWorld.dial(5081).replacing("<Response>", with: "<Response>" + verb))
    expectRefusal(world, caller, callee)
  }

  // L-49: a document that was asked of the web is asked once.
  @Test func afterA488TheDocumentIsAskedForNothingMore() {
    let world = AgentWorld(settings: [("fallback_url", "http://w/fallback")])
    world.web = { _ in
      .document(#"<Response><Gather action="http://w/next"/><Redirect>/more</Redirect></Response>"#)
    }
    world.command(.defaultDocument(.url("http://w/main", method: "POST")))
    let caller = world.phone(5070)
    caller.call(Self.wideband)
    world.runToTheEnd()
    #expect(caller.finalCode == 488)
    #expect(world.requests.map(\.exchange.url) == ["http://w/main"])
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // L-49
  @Test func aCallerWithoutG711WhomTheHostAnswersGets488() {
    let world = AgentWorld()
    let caller = world.phone(5070)
    caller.call(Self.wideband)
    world.run(.milliseconds(100))
    if let call = world.incoming.first { world.command(.onCall(call, .answer)) }
    world.runToTheEnd()
    #expect(caller.finalCode == 488)
    #expect(world.ends.map(\.sipCode) == [488])
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  /// What passes by here untouched is nothing that the document has to hear.
  @Test(arguments: ["auto", "anchored", "direct"])
  func aCallerWithoutG711IsPassedThroughWhereNothingIsPlayed(_ media: String) {
    let (world, caller, callee) = world(
      AgentWorld.dial(5081, attributes: #"hangupOnStar="true""#), settings: [("media", media)])
    world.run(.seconds(2))
    #expect(caller.finalCode == 200)
    #expect(callee.invites.count == 1)
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.results.map(\.status) == [.completed])
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // L-19, L-32, I-S5
  @Test func aLegGivenUpWhileItsStreamIsOpenedIsNotDialled() {
    let world = AgentWorld(settings: [("media", "anchored")])
    world.document(AgentWorld.dial(5081, attributes: #"action="http://w/after""#))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    world.heldMedia = []
    caller.call()
    world.run(.milliseconds(100))
    caller.hangUp()
    world.run(.milliseconds(100))
    #expect(caller.finalCode == 487)
    world.releaseMedia()
    world.runToTheEnd()
    #expect(callee.invites.isEmpty)
    #expect(world.legEvents == ["initiated 0", "completed 0 canceled"])
    #expect(world.results.map(\.status) == [.canceled])
    #expect(world.ends.map(\.status) == [.canceled])
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // L-37, I-S5
  @Test func aCancelWhileTheAnswerWaitsForItsStreamEndsTheCall() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081).replacing("<Response>", with: "<Response><Say>a</Say>"))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    world.heldMedia = []
    caller.call()
    world.run(.milliseconds(100))
    #expect(caller.finalCode == nil)
    caller.hangUp()
    world.run(.milliseconds(100))
    #expect(caller.finalCode == 487)
    world.releaseMedia()
    world.runToTheEnd()
    #expect(callee.invites.isEmpty)
    #expect(!world.events.contains { if case .onCall(_, .answered) = $0 { true } else { false } })
    #expect(world.ends.map(\.status) == [.canceled])
    #expect(world.isQuiet, "\(world.agent.census)")
  }
}
