import CRCML
import RCMLAgent
import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLLibrary
@testable import RCMLRehearsal

/// A document without a network (spec E-7): the real agent, scripted parties, virtual time.
@Suite struct RehearsalTests {
  /// What `rcml_simulate` told.
  private final class Told {
    struct Event {
      var at: Int64
      var kind: rcml_event_kind
      var name: String
      var status: String
      var sid: String
      var url: String
      var body: String
      var code: Int32
      var sipCode: Int32
      var duration: Int32
    }

    var events: [Event] = []
    var ladder = ""
    var result: Int32 = 0
    var error = rcml_error()

    func all(_ kind: rcml_event_kind) -> [Event] { events.filter { $0.kind == kind } }
  }

  private func simulate(
    _ text: String, outcomes: [String] = [], answers: [(String, Int32, String)] = [],
    settings: [String] = [], seed: UInt64 = 0, callerHangsUp: Int64 = -1, party: String? = nil
  ) -> Told {
    let told = Told()
    told.error.struct_size = MemoryLayout<rcml_error>.size
    var lent = LentText()
    defer { lent.free() }
    var document = rcml_document()
    document.struct_size = MemoryLayout<rcml_document>.size
    document.text = lent.put(text)
    var simulation = rcml_simulation()
    simulation.struct_size = MemoryLayout<rcml_simulation>.size
    simulation.seed = seed
    simulation.caller_hangs_up_ms = callerHangsUp
    simulation.outgoing = party != nil
    simulation.to = party.map { lent.put($0) }
    let pages = answers.map { url, status, body in
      var page = rcml_simulated_answer()
      page.struct_size = MemoryLayout<rcml_simulated_answer>.size
      page.url = lent.put(url)
      page.status = status
      page.body = lent.put(body)
      page.length = body.utf8.count
      let kept = UnsafeMutablePointer<rcml_simulated_answer>.allocate(capacity: 1)
      kept.initialize(to: page)
      return kept
    }
    defer { for page in pages { page.deallocate() } }
    let texts = outcomes.map { Optional(lent.put($0)) }
    let pairs = settings.map { Optional(lent.put($0)) }
    told.result = withUnsafePointer(to: document) { document in
      texts.withUnsafeBufferPointer { texts in
        pairs.withUnsafeBufferPointer { pairs in
          pages.map { Optional(UnsafePointer($0)) }.withUnsafeBufferPointer { pages in
            simulation.document = document
            (simulation.outcomes, simulation.outcome_count) = (texts.baseAddress, texts.count)
            (simulation.settings, simulation.setting_count) = (pairs.baseAddress, pairs.count)
            (simulation.answers, simulation.answer_count) = (pages.baseAddress, pages.count)
            return rcml_simulate(
              &simulation, Self.happened, Self.drawn, Unmanaged.passUnretained(told).toOpaque(),
              &told.error)
          }
        }
      }
    }
    return told
  }

  private static let happened: rcml_simulation_function = { context, at, event in
    guard let context, let event = event?.pointee else { return }
    func text(_ pointer: UnsafePointer<CChar>?) -> String {
      pointer.map { String(cString: $0) } ?? "NULL"
    }
    Unmanaged<Told>.fromOpaque(context).takeUnretainedValue().events.append(
      Told.Event(
        at: at, kind: rcml_event_kind(UInt32(bitPattern: event.kind)), name: text(event.name),
        status: text(event.status), sid: text(event.call_sid), url: text(event.url),
        body: text(event.body), code: event.code, sipCode: event.sip_code,
        duration: event.duration))
  }

  private static let drawn: rcml_text_function = { context, piece, length in
    guard let context, let piece else { return }
    Unmanaged<Told>.fromOpaque(context).takeUnretainedValue().ladder += String(
      decoding: UnsafeRawBufferPointer(start: piece, count: length), as: UTF8.self)
  }

  private static let two = """
    <Response><Dial action="http://example.com/after"><Sip>sip:alice@example.com</Sip>\
    <Sip>sip:bob@example.com;transport=tcp</Sip></Dial></Response>
    """
  private static let one =
    "<Response><Dial timeout=\"20\"><Sip>sip:alice@[2001:db8::7]</Sip></Dial></Response>"

  @Test func theFirstToAnswerWinsAndTheActionIsTold() throws {
    // Spec F-3, M-3, H-1.
    let told = simulate(
      Self.two, outcomes: ["1:180,none", "2:180,after=3:200,after=7:bye"],
      answers: [("http://example.com/after", 200, "<Response><Hangup/></Response>")])
    #expect(told.result == 0)
    let dial = try #require(told.all(RCML_EVENT_DIAL).first)
    #expect((dial.at, dial.status, dial.sipCode, dial.duration) == (10_000, "completed", 200, 7))
    let request = try #require(told.all(RCML_EVENT_REQUEST).first)
    #expect((request.at, request.url, request.code) == (10_000, "http://example.com/after", 200))
    #expect(request.body.contains("DialCallStatus=completed&"))
    let legs = told.all(RCML_EVENT_STATUS).filter { $0.name == "completed" }
    #expect(legs.map(\.status) == ["canceled", "completed"])
    let ended = try #require(told.events.last)
    #expect(ended.kind == RCML_EVENT_ENDED && ended.at == 10_000)
    #expect(told.ladder.contains("CANCEL 1"))
  }

  @Test func theLadderOfABusyPartyLooksLikeThis() {
    let told = simulate(Self.one, outcomes: ["*:180,after=1:486"])
    let lines = told.ladder.split(separator: "\n").dropFirst(2).map { line in
      line.split(whereSeparator: { " ├─▶◀┤│".contains($0) }).joined(separator: " ")
    }
    #expect(
      lines == [
        "0.000 INVITE 1 sdp", "0.000 100 Trying", "0.000 host: run a document",
        "0.000 leg 1 initiated", "0.000 180 Ringing", "0.000 INVITE 1 sdp", "0.000 180 Ringing",
        "0.000 leg 1 ringing", "1.000 486 Busy Here", "1.000 ACK 1",
        "1.000 leg 1 completed (busy)",
        "1.000 refused 33100: [2001:db8::7] answered 486 Busy Here.",
        "1.000 Dial ended: busy", "1.000 486 Busy Here",
        "1.000 ACK 1", "ended: busy, by engine, with 486",
        "dial-failed 33100: [2001:db8::7] answered 486 Busy Here.",
      ], "\(told.ladder)")
  }

  @Test func aPartyNobodySpokeOfRingsAnswersAndHangsUp() {
    let told = simulate(Self.one)
    #expect(told.events.last?.at == 12_000)
    #expect(told.events.last?.duration == 10)
  }

  @Test func whoeverIsNotThereFailsAndWhoeverSaysNothingRunsOut() {
    #expect(
      simulate(Self.one, outcomes: ["1:refused"]).all(RCML_EVENT_DIAL).map(\.status) == ["failed"])
    let silent = simulate(Self.one, outcomes: ["1:none"]).all(RCML_EVENT_DIAL)
    #expect(silent.map(\.status) == ["no-answer"])
    #expect(silent.map(\.at) == [20_000])
  }

  @Test func aCallerWhoLeavesCancelsOrHangsUp() {
    let early = simulate(Self.one, callerHangsUp: 1_000)
    #expect(early.all(RCML_EVENT_DIAL).map(\.status) == ["canceled"])
    let late = simulate(Self.one, callerHangsUp: 4_000)
    #expect(late.all(RCML_EVENT_DIAL).map(\.duration) == [2])
    #expect(late.events.last?.at == 4_000)
  }

  @Test func ourOwnCallRunsTheDocumentOnceItIsAnswered() {
    let told = simulate(
      Self.one, outcomes: ["0:after=3:200"], callerHangsUp: 4_000, party: "sip:carl@example.com")
    #expect(told.all(RCML_EVENT_ANSWERED).map(\.at) == [3_000])
    #expect(told.all(RCML_EVENT_DIAL).map(\.duration) == [2])
    #expect(told.events.allSatisfy { $0.sid.hasPrefix("CA") })
  }

  @Test func aCallThatNeverWasIsNoSuccess() {
    let told = simulate(Self.one, settings: ["require_auth=u:p"])
    #expect(told.result == RCML_E_STATE.rawValue)
    #expect(told.ladder.contains("401"))
    let unanswered = simulate(Self.one, outcomes: ["0:none"], party: "sip:carl@example.com")
    #expect(unanswered.result == 0)
    #expect(unanswered.events.map(\.sid).allSatisfy { $0.hasPrefix("CA") })
  }

  @Test func credentialsOfTheDocumentAnswerAScriptedChallenge() {
    // Spec A-1; the password is in nothing that is told (A-8).
    let told = simulate(
      "<Response><Dial><Sip username='u' password='geheim'>sip:a@example.com</Sip></Dial></Response>",
      outcomes: ["1:407,after=1:200,after=2:bye"])
    #expect(told.all(RCML_EVENT_DIAL).map(\.status) == ["completed"])
    #expect(!told.ladder.contains("geheim"))
  }

  @Test func aPartyThatIsElsewhereIsFollowedWhereTheSettingAllows() {
    // Spec U-30.
    let outcomes = ["1:302,180,after=1:200,after=2:bye"]
    #expect(simulate(Self.two, outcomes: ["*:302"]).all(RCML_EVENT_DIAL).map(\.sipCode) == [302])
    let followed = simulate(Self.one, outcomes: outcomes, settings: ["follow_redirects=1"])
    #expect(followed.all(RCML_EVENT_DIAL).map(\.status) == ["completed"])
    #expect(followed.events.last?.at == 3_000)
  }

  @Test func aLostCallbackIsAnAnswerOfItsOwn() {
    // Spec E-8, K-12.
    let text = """
      <Response><Dial><Sip statusCallback="http://example.com/cb" \
      statusCallbackEvent="completed">sip:a@example.com</Sip></Dial></Response>
      """
    #expect(simulate(text).result == 1)
    let delivered = simulate(text, answers: [("*", 204, "")])
    #expect(delivered.result == 0)
    #expect(delivered.all(RCML_EVENT_CALLBACK).map(\.status) == ["delivered"])
  }

  @Test func theLongestDialEndsWithinTheBound() {
    // Spec D-4, L-33: four hours unless the document says otherwise; not one step is a real second.
    let told = simulate(Self.one, outcomes: ["1:200,none"])
    #expect(told.result == 0)
    #expect(told.events.last?.at == 14_400_000)
  }

  @Test func theSameSeedGivesTheSameCallAndAnotherOneOtherNames() {
    #expect(simulate(Self.two).ladder == simulate(Self.two).ladder)
    #expect(simulate(Self.two).ladder != simulate(Self.two, seed: 1).ladder)
  }

  @Test func aRehearsalReplaysOctetForOctet() throws {
    var script = RehearsalScript(
      document: .text(Array(Self.two.utf8), baseURL: ""), from: "sip:caller@192.0.2.2",
      to: "sip:service@192.0.2.1")
    script.outcomes = [try ScriptedOutcome.read("1:180,after=2:200,after=5:bye")]
    let journal = try Rehearsal(script, product: LibraryVersion.text, report: { _ in }).run()
    let result = try Replay.run(journal)
    #expect(result.difference == nil)
    #expect(result.inputs > 10)
  }

  private static let screened =
    "<Response><Dial><Sip url=\"http://h/screen\">sip:a@example.com</Sip></Dial></Response>"
  private static let pages: [(String, Int32, String)] = [
    (
      "http://h/screen", 200,
      """
      <Response><Gather numDigits="1" action="http://h/pressed"><Say>Press one.</Say></Gather><Hangup/></Response>
      """
    ),
    ("http://h/pressed", 200, "<Response/>"),
  ]

  /// Spec C-8, E-7.
  @Test(arguments: ["ask_speech=true", "speech_program=flite"])
  func aPartyThatPressesAKeyAcceptsTheCall(setting: String) throws {
    let told = simulate(
      Self.screened, outcomes: ["1:180,after=2:200,after=3:key=1,after=9:bye"],
      answers: Self.pages, settings: [setting])
    let key = try #require(told.all(RCML_EVENT_DIGIT).first)
    #expect((key.at, key.name) == (5_000, "1"))
    #expect(told.all(RCML_EVENT_REQUEST).last?.body.contains("Digits=1") == true)
    let dial = try #require(told.all(RCML_EVENT_DIAL).first)
    #expect((dial.at, dial.status, dial.duration) == (14_000, "completed", 12))
    #expect(told.all(RCML_EVENT_SPEECH).count == (setting.hasPrefix("ask") ? 1 : 0))
    #expect(told.ladder.contains("INFO 2"))
  }

  @Test func whoPressesNothingIsHungUpOn() {
    // C-9
    let told = simulate(
      Self.screened, outcomes: ["1:180,after=2:200"], answers: Self.pages,
      settings: ["ask_speech=true"])
    #expect(told.all(RCML_EVENT_DIAL).map(\.status) == ["no-answer"])
    #expect(told.all(RCML_EVENT_DIGIT).isEmpty)
  }

  @Test func theKeysOfTheCallerAreGathered() {
    // V-12, E-7; the first comes before there is an answer
    let text = """
      <Response><Pause length="1"/><Gather numDigits="2" action="http://h/menu"/></Response>
      """
    let told = simulate(
      text, outcomes: ["0:key=7,after=2:key=4,after=0.5:key=#,after=1:key=2,after=3:bye"],
      answers: [("*", 200, "<Response><Pause length=\"60\"/></Response>")],
      settings: ["answer_mode=immediate"])
    #expect(told.all(RCML_EVENT_DIGIT).map(\.name) == ["4", "#", "2"])
    #expect(told.all(RCML_EVENT_REQUEST).map(\.at) == [2_500])
    #expect(told.all(RCML_EVENT_REQUEST).first?.body.contains("Digits=4&") == true)
    #expect(told.events.last?.at == 6_500)
  }

  @Test func theStarOfTheCallerEndsADial() {
    // L-34
    let told = simulate(
      "<Response><Dial hangupOnStar=\"true\"><Sip>sip:a@example.com</Sip></Dial></Response>",
      outcomes: ["1:200", "0:after=4:key=*"])
    #expect(told.all(RCML_EVENT_DIAL).map(\.at) == [4_000])
  }

  @Test func aCalledCallerPressesAfterItsAnswer() {
    let text = "<Response><Gather numDigits=\"1\" action=\"http://h/menu\"/></Response>"
    let told = simulate(
      text, outcomes: ["0:180,after=1:200,after=2:key=9"],
      answers: [("*", 200, "<Response><Hangup/></Response>")], party: "sip:carl@example.com")
    #expect(told.all(RCML_EVENT_DIGIT).map(\.at) == [3_000])
    #expect(told.events.last?.at == 3_000)
  }

  @Test(
    arguments: [
      ("1:200,key=x", 7, false), ("1:200,key=", 7, false), ("1:200,key=12", 7, false),
      ("1:key=1", 3, false), ("1:200,bye,key=1", 11, false), ("0:200", 3, false),
      ("0:after=1:refused", 3, false), ("0:bye,key=1", 7, false), ("0:key=1", 3, true),
      ("1:200,200", 7, false),
    ] as [(String, Int32, Bool)])
  func aKeyStandsWhereItCanBePressed(outcome: String, column: Int32, isOutgoing: Bool) {
    let told = simulate(
      "<Response/>", outcomes: [outcome], party: isOutgoing ? "sip:carl@example.com" : nil)
    #expect(told.result == RCML_E_ARGUMENT.rawValue)
    #expect(told.error.column == column)
  }

  @Test func whatCannotBeRehearsedIsRefused() {
    #expect(simulate("<Response/>", outcomes: ["1:2x0"]).result == RCML_E_ARGUMENT.rawValue)
    #expect(simulate("<Response/>", outcomes: ["1:180,2x0"]).error.column == 7)
    #expect(simulate("<Response/>", settings: ["ringing_mood=x"]).result == RCML_E_SETTING.rawValue)
    #expect(simulate("<Response/>", settings: ["x"]).result == RCML_E_SETTING.rawValue)
    #expect(simulate("<Response/>", party: "sip:a@b\r\nX: y").result == RCML_E_URI.rawValue)
    #expect(
      simulate("<Response/>", answers: [("http://h/", 99, "")]).result == RCML_E_ARGUMENT.rawValue)
    #expect(rcml_simulate(nil, nil, nil, nil, nil) == RCML_E_ARGUMENT.rawValue)
    var blank = rcml_simulation()
    #expect(rcml_simulate(&blank, nil, nil, nil, nil) == RCML_E_ARGUMENT.rawValue)
  }
}
