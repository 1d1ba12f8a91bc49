import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// What the settings of spec §16 change in a call.
@Suite struct PolicyTests {
  private func driver(_ document: String, _ change: (inout CallPolicy) -> Void) -> DialDriver {
    var policy = CallPolicy()
    change(&policy)
    return DialDriver(document, policy: policy)
  }

  private let one = """
    <Response><Dial action="http://w/x"><Sip statusCallback="http://w/c">sip:a@h</Sip></Dial>\
    <Pause/></Response>
    """
  private let screened = """
    <Response><Dial action="http://w/x"><Sip url="http://w/s">sip:a@h</Sip><Sip>sip:b@h</Sip>\
    </Dial><Pause/></Response>
    """

  /// L-44, `after_bridge` = hangup: the caller is hung up, the action's reply ignored.
  @Test func afterTheBridgeTheCallerMayBeHungUpToo() {
    var driver = driver(one) { $0.hangsUpAfterBridge = true }
    driver.answer(0)
    _ = driver.lines()
    driver.bye(0)
    #expect(
      driver.lines() == [
        "unbridge 0", "leg 0 completed completed #2", "dial completed", "caller BYE",
        "fetch 0 action POST http://w/x",
      ])
    driver.gone(0)
    driver.reply(0, one)
    #expect(driver.lines() == ["ended completed"])
    #expect(driver.ended?.hangupBy == .callee)
  }

  /// C-13, `screening_reject_ends` = call
  @Test func aRefusedScreeningMayEndTheCall() {
    var driver = driver(screened) { $0.screeningRejectEnds = .call }
    driver.answer(0)
    driver.reply(0, "<Response><Hangup/></Response>")
    #expect(
      driver.lines().suffix(5) == [
        "leg 0 BYE", "leg 1 CANCEL", "dial no-answer", "caller 480",
        "fetch 1 action POST http://w/x",
      ])
  }

  /// C-15, `screening_reject_status` = completed
  @Test func aRefusedScreeningMayCountAsCompleted() {
    var driver = driver(screened) { $0.screeningRejectStatus = .completed }
    driver.answer(0)
    driver.reply(0, "<Response><Hangup/></Response>")
    driver.reject(1, 486)
    #expect(driver.result?.status == .completed)
    #expect(driver.result?.bridged == false)
  }

  /// F-4, `screening_winner` = first-answer
  @Test func theFirstAnswerMayDecideTheRace() {
    var driver = driver(screened) { $0.firstAnswerWins = true }
    driver.answer(0)
    #expect(driver.all.contains("leg 1 CANCEL (elsewhere)"))
    driver.reply(0, "<Response/>")
    #expect(driver.all.last == "bridge 0")
    #expect(driver.machine.nextDeadline?.timer == .cancelWait)
    driver.gone(1)
    #expect(driver.machine.nextDeadline?.timer == .timeLimit)
  }

  /// L-2, `ringing_mode` = on-ringing: at the first 18x, or when a leg answers.
  @Test func ringingMayWaitForARingingLeg() {
    var rings = driver(screened) { $0.ringingMode = .onRinging }
    #expect(!rings.all.contains("caller 180"))
    rings.leg(1, 180)
    #expect(rings.all.last == "caller 180")
    var answers = driver(screened) { $0.ringingMode = .onRinging }
    answers.answer(0)
    #expect(answers.all.filter { $0 == "caller 180" }.count == 1)
  }

  /// Z-10, `ring_timeout_status` = canceled
  @Test func theDialTimerMayCountAsCanceled() {
    var driver = driver(one) { $0.ringTimeoutStatus = .canceled }
    driver.pass(30)
    #expect(driver.result?.status == .canceled)
  }

  /// K-6, K-8: `callback_call_status` = event, `sequence_numbering` = fixed
  @Test func callbacksMayCarryTheEventAndItsFixedNumber() {
    var driver = driver(one) {
      $0.callStatusIsEvent = true
      $0.numbering = .fixed
    }
    driver.leg(0, 180)
    driver.reject(0, 480)
    func values(_ name: String) -> [String?] {
      driver.callbacks.map { sent in
        sent.callback.parameters.first { $0.name == name }?.value
      }
    }
    #expect(values("SequenceNumber") == ["0", "1", "3"])
    #expect(values("CallStatus") == ["initiated", "ringing", "completed"])
  }

  /// L-3, `answer_mode` = immediate, and D-8 over it.
  @Test func theAnswerModeIsTheDocumentsBeforeItIsTheSettings() {
    let immediate = driver(one) { $0.answersOnBridge = false }
    #expect(immediate.all.first == "caller 200")
    let document =
      #"<Response><Dial answerOnBridge="true"><Sip>sip:a@h</Sip></Dial></Response>"#
    #expect(driver(document) { $0.answersOnBridge = false }.all.first == "caller 180")
  }

  /// U-20
  @Test func earlyMediaOfTheFirstOfSeveralMayReachTheCaller() {
    let document = "<Response><Dial><Sip>sip:a@h</Sip><Sip>sip:b@h</Sip></Dial></Response>"
    var always = driver(document) { $0.earlyMedia = .always }
    always.leg(1, 183, media: true)
    always.leg(0, 183, media: true)
    #expect(always.all.filter { $0.hasPrefix("caller 183") } == ["caller 183 media of 1"])
    var never = driver("<Response><Dial><Sip>sip:a@h</Sip></Dial></Response>") {
      $0.earlyMedia = .never
    }
    never.leg(0, 183, media: true)
    #expect(never.all.last == "leg 0 ringing")
  }

  /// P-51, P-13, `extra_params`
  @Test func theActionMayTellEveryLegAndTheAliases() {
    var driver = driver(one) {
      $0.sendsLegResults = true
      $0.sendsAliases = true
      $0.extraParameters = [Parameter("Tenant", "7")]
    }
    driver.reject(0, 486)
    #expect(driver.parameter("DialLegCount", of: 0) == "1")
    #expect(driver.parameter("DialLeg0_Status", of: 0) == "busy")
    #expect(driver.parameter("DialLeg0_SipResponseCode", of: 0) == "486")
    #expect(driver.parameter("Caller", of: 0) == driver.parameter("From", of: 0))
    #expect(driver.request(0)?.parameters.last == Parameter("Tenant", "7"))
  }

  /// Y-2
  @Test func aCallMayRunOnlySoManyDials() {
    var driver = driver(
      "<Response><Dial><Sip>sip:a@h</Sip></Dial><Dial><Sip>sip:b@h</Sip></Dial></Response>"
    ) {
      $0.maxDials = 1
    }
    driver.reject(0, 486)
    #expect(driver.all.contains("warn too-many-dials"))
    #expect(!driver.all.contains("leg 1 INVITE b"))
  }

  /// U-7: none, and those of the preset restcomm.
  @Test func theIdentityHeadersFollowTheirPrefix() {
    var policy = CallPolicy()
    let sid = CallSid(high: 1, low: 2)
    policy.idHeaderPrefix = ""
    #expect(policy.identityHeaders(sid: sid, parent: sid).isEmpty)
    policy.idHeaderPrefix = "X-RestComm-"
    let names = policy.identityHeaders(sid: sid, parent: sid).map {
      String(decoding: $0.name, as: UTF8.self)
    }
    #expect(names == ["X-RestComm-ApiVersion", "X-RestComm-AccountSid", "X-RestComm-CallSid"])
  }

  /// V-13, `gather_default_action` = next verb
  @Test func gatherWithoutAnActionMayGoOnWithTheNextVerb() {
    var driver = driver("<Response><Gather></Gather><Reject/></Response>") {
      $0.gatherDefaultsToNextVerb = true
    }
    driver.performed(0, .gathered(digits: [0x31], key: 0))
    #expect(driver.lines().suffix(2) == ["caller BYE", "ended completed"])
  }

  /// §16, Q-2: the presets reach the call.
  @Test func aPresetChangesHowACallBehaves() {
    var restcomm = Settings()
    guard case .success = restcomm.set("preset", "restcomm") else {
      Issue.record("the preset is unknown")
      return
    }
    let policy = CallPolicy(restcomm)
    #expect(!policy.answersOnBridge && policy.firstAnswerWins && policy.hangsUpAfterBridge)
    #expect(policy.screeningRejectEnds == .call && policy.ringTimeoutStatus == .canceled)
    #expect(policy.status480And408 == .failed && policy.callStatusIsEvent)
    #expect(policy.numbering == .fixed && policy.idHeaderPrefix == "X-RestComm-")
    #expect(policy.addressFormat == .user && policy.gatherDefaultsToNextVerb)
    #expect(policy.earlyMedia == .never)
    let none = CallPolicy(Settings())
    #expect(none.answersOnBridge && !none.firstAnswerWins && none.earlyMedia == .single)
    #expect(none.cancelWait == .seconds(5) && none.rejectCode == 603)
  }
}
