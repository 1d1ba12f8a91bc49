import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// What the host asks for and is asked.
struct HostTests {
  static func refusal(_ result: Result<CommandResult, Refusal>) -> Int32? {
    if case .failure(let refusal) = result { refusal.code } else { nil }
  }

  @Test func theHostRunsADocumentOnAWaitingCall() throws {
    let world = AgentWorld()
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(100))
    let call = try #require(world.incoming.first)
    #expect(caller.finalCode == nil)
    world.command(.onCall(call, .ring(code: 180)))
    world.run(.milliseconds(100))
    #expect(caller.provisionals == [180])
    world.command(.onCall(call, .run(.text(Array(AgentWorld.dial(5081).utf8), baseURL: ""))))
    world.run(.seconds(2))
    #expect(caller.finalCode == 200)
    #expect(callee.invites.count == 1)
  }

  @Test func aCallNobodyTakesGets480AfterHalfAMinute() {
    let world = AgentWorld()
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(29))
    #expect(caller.finalCode == nil)
    world.run(.seconds(2))
    #expect(caller.finalCode == 480)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func theHostRejectsACall() throws {
    let world = AgentWorld()
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(100))
    let call = try #require(world.incoming.first)
    #expect(
      Self.refusal(world.command(.onCall(call, .reject(code: 200, phrase: ""))))
        == RefusalCode.argument)
    world.command(.onCall(call, .reject(code: 486, phrase: "Busy Here")))
    world.run(.seconds(1))
    #expect(caller.finalCode == 486)
    #expect(Self.refusal(world.command(.onCall(call, .hangUp))) == RefusalCode.gone)
  }

  @Test func theHostAnswersWithoutADocumentAndHangsUp() throws {
    let world = AgentWorld(settings: [("media", "direct")])
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(100))
    let call = try #require(world.incoming.first)
    world.command(.onCall(call, .answer))
    world.run(.seconds(40))
    #expect(caller.finalCode == 200)
    #expect(meaning(caller.answerBody).contains("a=inactive"))
    #expect(Self.refusal(world.command(.onCall(call, .answer))) == RefusalCode.state)
    world.command(.onCall(call, .hangUp))
    world.run(.seconds(1))
    #expect(caller.wasHungUp)
    #expect(world.ends.first?.duration == 40)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aCallThatTheHostAnsweredCountsItsDurationFromThere() throws {
    let world = AgentWorld()
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(100))
    let call = try #require(world.incoming.first)
    world.command(.onCall(call, .answer))
    world.run(.seconds(5))
    world.command(
      .onCall(
        call, .run(.text(Array("<Response><Pause length='3'/></Response>".utf8), baseURL: ""))))
    world.run(.seconds(4))
    #expect(caller.wasHungUp)
    #expect(world.ends.map(\.duration) == [8])
  }

  @Test func theHostServesDocumentsItself() throws {
    let world = AgentWorld()
    world.command(.defaultDocument(.url("host:/voice", method: "POST")))
    let callee = world.phone(5081)
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(100))
    let request = try #require(world.hostRequests.first)
    #expect(request.url == "host:/voice")
    #expect(request.body.hasPrefix("CallSid=CA"))
    world.command(
      .answer(
        request.id,
        .request(status: 200, contentType: "text/xml", body: Array(AgentWorld.dial(5081).utf8))))
    world.run(.seconds(1))
    #expect(callee.invites.count == 1)
    let again = Command.answer(request.id, .request(status: 200, contentType: "", body: []))
    #expect(Self.refusal(world.command(again)) == RefusalCode.gone)
  }

  @Test func aHostThatDoesNotAnswerInTenSecondsLosesTheCall() {
    let world = AgentWorld()
    world.command(.defaultDocument(.url("host:/voice", method: "POST")))
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(11))
    #expect(caller.finalCode == 500)
  }

  @Test func aPartyIsCalledAndTheDocumentRunsOnceItAnswers() throws {
    let world = AgentWorld(settings: [("media", "direct")])
    let party = world.phone(5080, .answers())
    party.script.media = AgentWorld.sdp(port: 5000)
    let callee = world.phone(5081, .answers(port: 6100))
    let document = DocumentSource.text(Array(AgentWorld.dial(5081).utf8), baseURL: "")
    let result = world.command(
      .call(party: "sip:bob@127.0.0.1:5080", from: "sip:office@example.com", document))
    let call = CallNumber(1)
    #expect(result == .success(.called(call)))
    world.run(.milliseconds(400))
    #expect(callee.invites.isEmpty)
    world.run(.seconds(3))
    let invited = meaning(party.invites.first?.body)
    #expect(invited.contains("a=inactive"))
    #expect(
      party.invites.first.map { String(decoding: $0.fromURI, as: UTF8.self) }
        == "sip:office@example.com")
    let offered = meaning(callee.invites.first?.body)
    #expect(offered.contains("m=audio 5000"))
    #expect(party.offers.map { meaning($0) } == [meaning(callee.script.media)])
    callee.hangUp()
    world.run(.seconds(1))
    #expect(party.wasHungUp)
    // From the party's 2xx, which came before there was a document.
    #expect(world.ends.first?.duration == 2)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test(arguments: [(nil, Interval.zero, 60), ("20", .zero, 20), ("20", .seconds(7), 7)])
  func aPartyThatRingsForTooLongIsCancelledAndTheCallEndsWithoutAnAnswer(
    setting: String?, limit: Interval, seconds: Int
  ) {
    // U-65
    let world = AgentWorld(settings: setting.map { [("call_timeout", $0)] } ?? [])
    let party = world.phone(5080, Phone.Script())
    world.command(
      .call(party: "sip:bob@127.0.0.1:5080", from: "", .text([], baseURL: ""), limit: limit))
    world.run(.milliseconds(seconds * 1_000 - 1))
    #expect(world.ends.isEmpty && !party.wasCancelled)
    world.run(.milliseconds(1))
    #expect(world.ends.map(\.status) == [.noAnswer])
    #expect(world.ends.first?.hangupBy == .engine)
    world.run(.seconds(1))
    #expect(party.wasCancelled)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aPartyThatAnswersInTimeIsNotCancelled() {
    // U-65
    let world = AgentWorld(settings: [("call_timeout", "3"), ("media", "direct")])
    let party = world.phone(5080, .answers())
    world.command(
      .call(
        party: "sip:bob@127.0.0.1:5080", from: "",
        .text(Array("<Response><Pause length=\"9\"/></Response>".utf8), baseURL: "")))
    world.run(.seconds(5))
    #expect(world.ends.isEmpty && !party.wasCancelled)
    world.runToTheEnd()
    #expect(world.ends.map(\.status) == [.completed])
  }

  @Test func aSettingThatIsTakenBackIsTheDefaultAgain() throws {
    //
    let world = AgentWorld(settings: [("call_timeout", "20")])
    #expect(try world.agent.setting("call_timeout").get() == "20")
    #expect(world.command(.reset(name: "call_timeout")) == .success(.done))
    #expect(try world.agent.setting("call_timeout").get() == "60")
    #expect(Self.refusal(world.command(.reset(name: "call_timout"))) == RefusalCode.setting)
  }

  @Test func aPartyThatIsBusyEndsTheCallWithItsCode() {
    let world = AgentWorld()
    _ = world.phone(5080, .rejects(486))
    world.command(
      .call(party: "sip:bob@127.0.0.1:5080", from: "", .text([], baseURL: "")))
    world.run(.seconds(1))
    #expect(world.ends.map(\.status) == [.busy])
    #expect(world.ends.first?.sipCode == 486)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test(arguments: ["", "sip:", "not a uri", "sip:a b@c"])
  func aPartyThatCannotBeReadIsRefused(party: String) {
    let world = AgentWorld()
    let result = world.command(.call(party: party, from: "", .text([], baseURL: "")))
    #expect(Self.refusal(result) == RefusalCode.uri)
  }

  @Test func anUnknownSettingIsRefusedWithTheNearestName() {
    //
    let world = AgentWorld()
    let result = world.command(.set(name: "answer_mod", value: "immediate"))
    #expect(Self.refusal(result) == RefusalCode.setting)
    if case .failure(let refusal) = result { #expect(refusal.text.contains("answer_mode")) }
  }

  @Test func drainingTurnsNewCallsAwayAndWaitsForTheOthers() {
    //
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    world.command(.drain)
    let late = world.phone(5071)
    late.call()
    world.run(.seconds(1))
    #expect(late.finalCode == 503)
    #expect(!caller.wasHungUp && !world.isDrained)
    #expect(
      Self.refusal(world.command(.call(party: "sip:a@b", from: "", .text([], baseURL: ""))))
        == RefusalCode.closed)
    caller.hangUp()
    world.run(.seconds(2))
    #expect(world.isDrained)
  }

  @Test func stoppingEndsEverythingAndEveryLegIsTold() {
    // Q-6, K-3
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, 5082))
    let callees = [world.phone(5081), world.phone(5082)]
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    world.command(.stop)
    world.run(.seconds(2))
    #expect(caller.finalCode == 480)
    #expect(callees.allSatisfy { $0.wasCancelled })
    #expect(world.legEvents.filter { $0.hasPrefix("completed") }.count == 2)
    #expect(world.ends.count == 1)
    #expect(world.isDrained)
  }

  @Test func stoppingHangsUpAnsweredCalls() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    world.command(.stop)
    world.run(.seconds(2))
    #expect(caller.wasHungUp && callee.wasHungUp)
    #expect(world.isDrained)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aLiveCallGetsAnotherDocument() throws {
    // L-39
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, attributes: "action=\"http://web/after\""))
    let first = world.phone(5081, .answers())
    let second = world.phone(5082)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    let other = DocumentSource.text(Array(AgentWorld.dial(5082).utf8), baseURL: "")
    #expect(Self.refusal(world.command(.onCall(CallNumber(1), .run(other)))) == nil)
    world.run(.seconds(1))
    #expect(first.wasHungUp)
    #expect(second.invites.count == 1)
    #expect(world.requests.isEmpty)
  }

  @Test func endingTheDialGoesOnWithTheDocument() {
    // L-39
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, then: "<Reject reason=\"busy\"/>"))
    let callee = world.phone(5081)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    world.command(.onCall(CallNumber(1), .endDial))
    world.run(.seconds(1))
    #expect(callee.wasCancelled)
    #expect(caller.finalCode == 486)
    #expect(world.results.map(\.status) == [.canceled])
  }

  @Test func theStarKeyEndsTheDialOnly() {
    // D-7, L-34
    let world = AgentWorld()
    world.document(
      AgentWorld.dial(5081, attributes: "hangupOnStar=\"true\"", then: "<Pause length=\"60\"/>"))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(
      Self.refusal(world.command(.onCall(CallNumber(1), .digit(0x21)))) == RefusalCode.argument)
    world.command(.onCall(CallNumber(1), .digit(UInt8(ascii: "*"))))
    world.run(.seconds(1))
    #expect(callee.wasHungUp)
    #expect(!caller.wasHungUp)
  }

  // MARK: Y-4

  @Test func everyURLIsAskedAboutAndADeniedDocumentIsOneThatCannotBeHad() throws {
    // Y-4, M-30
    let world = AgentWorld(settings: [("ask_urls", "all")])
    world.command(.defaultDocument(.url("http://u:p@web/voice#rt=1", method: "POST")))
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(100))
    let asked = try #require(world.askedURLs.first)
    #expect(
      asked.call == CallNumber(1) && asked.method == "POST" && asked.url == "http://web/voice")
    #expect(world.requests.isEmpty)
    #expect(world.command(.answer(asked.id, .url(isAllowed: false))) == .success(.done))
    world.run(.seconds(1))
    #expect(world.requests.isEmpty && caller.finalCode == 500)
    let finding = try #require(world.findings.first)
    #expect(finding.code == .urlDenied && finding.severity == .warning)
    #expect(finding.text == "http://web/voice was not requested: the host does not allow it.")
    #expect(
      Self.refusal(world.command(.answer(asked.id, .url(isAllowed: true)))) == RefusalCode.gone)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aHostThatIsSlowAboutACallbackDelaysNoCallAndNoOtherRequest() throws {
    // Y-4, K-10: the callback waits ten seconds for a word, then goes
    let world = AgentWorld(settings: [("ask_urls", "all")])
    world.document(
      """
      <Response><Dial action="http://web/after"><Sip statusCallback="http://web/status"
      statusCallbackEvent="initiated">sip:a@127.0.0.1:5081</Sip></Dial></Response>
      """)
    world.web = { _ in .status(200) }
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(caller.finalCode == 200 && world.requests.isEmpty)
    callee.hangUp()
    world.run(.seconds(1))
    let action = try #require(world.askedURLs.first { $0.url == "http://web/after" })
    world.command(.answer(action.id, .url(isAllowed: true)))
    world.run(.seconds(1))
    #expect(world.requests.map(\.exchange.url) == ["http://web/after"])
    world.run(.seconds(7))
    #expect(world.requests.map(\.exchange.url) == ["http://web/after", "http://web/status"])
  }

  @Test func aCallbackAfterTheEndOfItsCallIsAskedAboutTooAndDeniedForGood() throws {
    // Y-4, K-14: the call has ended, and its number finds nothing any more
    let world = AgentWorld(settings: [("ask_urls", "all"), ("callback_events", "true")])
    world.document(
      """
      <Response><Dial><Sip statusCallback="http://web/status"
      statusCallbackEvent="completed">sip:a@127.0.0.1:5081</Sip></Dial></Response>
      """)
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    caller.hangUp()
    world.run(.seconds(1))
    #expect(world.ends.count == 1)
    let asked = try #require(world.askedURLs.first)
    #expect(Self.refusal(world.command(.onCall(asked.call, .hangUp))) == RefusalCode.gone)
    world.command(.answer(asked.id, .url(isAllowed: false)))
    world.runToTheEnd()
    #expect(world.findings.map(\.code) == [.urlDenied, .callbackFailed])
    #expect(world.requests.isEmpty)
    let reports = world.events.compactMap { event -> CallbackReport? in
      if case .onCall(_, .callback(_, let report)) = event { report } else { nil }
    }
    #expect(reports.map(\.attempts) == [0])
    #expect(world.isQuiet, "\(world.agent.census)")
  }
}
