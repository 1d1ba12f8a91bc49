import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

@Suite struct RecordingTests {
  private static var recorder: CallPolicy {
    var policy = CallPolicy(Settings())
    policy.records = true
    policy.recordingBase = "http://files/"
    return policy
  }

  private static func dial(_ attributes: String) -> String {
    "<Response><Dial action=\"http://w/x\" \(attributes) recordingStatusCallback=\"http://w/rc\">"
      + "<Sip statusCallback=\"http://w/c\">sip:a@h</Sip></Dial></Response>"
  }

  private func value(_ name: String, _ callback: StatusCallback?) -> String? {
    callback?.parameters.first { $0.name == name }?.value
  }

  // R-4 (the action does not wait for the file), P-28, P-48, P-60
  @Test func aTalkIsRecordedFromTheBridgeToItsEndAndNamedInTheRequests() {
    var driver = DialDriver(
      RecordingTests.dial("record=\"record-from-answer-dual\""), policy: RecordingTests.recorder)
    driver.leg(0, 180)
    driver.pass(2)
    _ = driver.lines()
    driver.answer(0)
    #expect(
      driver.lines() == [
        "leg 0 answered #2", "caller 200 with 0", "bridge 0", "record with 0 dual",
        "recording in-progress told",
      ])
    driver.pass(7.4)
    driver.bye(0)
    #expect(
      driver.lines() == [
        "unbridge 0", "end recording", "leg 0 completed completed #3", "dial completed",
        "fetch 0 action POST http://w/x",
      ])
    let url = driver.parameter("RecordingUrl", of: 0) ?? ""
    #expect(url.hasPrefix("http://files/RE") && url.hasSuffix(".wav"))
    #expect(url.utf8.count == "http://files/".utf8.count + 34 + 4)
    #expect(driver.parameter("RecordingDuration", of: 0) == "7")
    let completed = driver.callbacks.last?.callback
    #expect(value("RecordingUrl", completed) == url)
  }

  // D-12, R-6, P-59
  @Test func theRecordingIsAnnouncedOnceItsFileIsWhole() {
    var driver = DialDriver(
      RecordingTests.dial("record=\"record-from-answer\""), policy: RecordingTests.recorder)
    driver.answer(0)
    driver.pass(3)
    driver.bye(0)
    #expect(driver.recordingCallbacks.count == 1)
    driver.giveBackRecordings(isWhole: true)
    let told = driver.recordingCallbacks.last
    #expect(driver.recordingCallbacks.count == 2)
    #expect(value("RecordingStatus", told) == "completed")
    #expect(value("RecordingDuration", told) == "3")
    #expect(value("RecordingChannels", told) == "1")
    #expect(value("RecordingSource", told) == "DialVerb")
    #expect(value("CallSid", told) == DialDriver.parent.description)
    #expect(value("RecordingStartTime", told) == "Wed, 02 Oct 2024 13:05:09 +0000")
  }

  //
  @Test func aDialThatNobodyAnswersLeavesNoRecording() {
    var driver = DialDriver(
      RecordingTests.dial("record=\"record-from-ringing\""), policy: RecordingTests.recorder)
    #expect(driver.lines().contains("record"))
    driver.reject(0, 486)
    #expect(driver.lines().contains("drop recording"))
    #expect(value("RecordingStatus", driver.recordingCallbacks.last) == "absent")
    #expect(driver.parameter("RecordingUrl", of: 0) == nil)
  }

  //
  @Test func aRecordingFromRingingTakesTheWinnerInWhenItIsBridged() {
    var driver = DialDriver(
      RecordingTests.dial("record=\"record-from-ringing-dual\""), policy: RecordingTests.recorder)
    driver.pass(4)
    driver.answer(0)
    #expect(driver.lines().contains("record 0 too"))
    driver.pass(2)
    driver.bye(0)
    #expect(driver.parameter("RecordingDuration", of: 0) == "6")
  }

  //
  @Test func withoutARecorderTheDialGoesOnUnrecorded() {
    var driver = DialDriver(RecordingTests.dial("record=\"record-from-answer\""))
    #expect(driver.lines().contains("warn no-recorder"))
    driver.answer(0)
    driver.bye(0)
    #expect(!driver.all.contains("record with 0"))
    #expect(driver.parameter("RecordingUrl", of: 0) == nil)
  }

  // who was told that it began is told that there is none.
  @Test func aFileThatCannotBeWrittenIsSaidAndTheTalkGoesOn() {
    var driver = DialDriver(
      RecordingTests.dial("record=\"record-from-answer\""), policy: RecordingTests.recorder)
    driver.answer(0)
    var sid = ""
    for case .media(.record(let request)) in driver.effects { sid = request.sid }
    _ = driver.lines()
    driver.give(.media(.recorded(sid: sid, isWhole: false)))
    #expect(driver.lines() == ["warn no-recorder", "recording absent told"])
    driver.bye(0)
    #expect(driver.parameter("RecordingUrl", of: 0) == nil)
    #expect(driver.result?.status == .completed)
  }

  // E-6
  @Test func theCallerIsWarnedBeforeTheTimeLimit() {
    var driver = DialDriver(
      "<Response><Dial timeLimit=\"60\" x-warn=\"10\"><Sip>sip:a@h</Sip></Dial></Response>")
    driver.answer(0)
    _ = driver.lines()
    driver.pass(49.9)
    #expect(driver.lines().isEmpty)
    driver.pass(0.2)
    #expect(driver.lines() == ["perform 0 warning on caller"])
    driver.performed(0, .finished)
    driver.pass(10)
    #expect(driver.lines().contains("leg 0 BYE"))
  }

  // U-27
  @Test func aTalkInWhichNothingIsHeardIsEnded() {
    var driver = DialDriver(RecordingTests.dial(""))
    driver.answer(0)
    driver.pass(5)
    driver.give(.media(.lost(.leg(LegNumber(0)))))
    #expect(driver.result?.status == .completed)
    #expect(driver.result?.hangupBy == .engine)
    #expect(driver.result?.duration == 5)
  }

  // C-17
  @Test func whoLosesTheRaceWhileScreenedIsToldBeforeTheBye() {
    var policy = CallPolicy(Settings())
    policy.lostRacePrompt = "http://w/late.wav"
    var driver = DialDriver(
      "<Response><Dial><Sip url=\"http://w/s\">sip:a@h</Sip><Sip>sip:b@h</Sip></Dial></Response>",
      policy: policy)
    driver.answer(0)
    _ = driver.lines()
    driver.answer(1)
    let lines = driver.lines()
    #expect(lines.contains("perform 0 farewell on 0"))
    #expect(!lines.contains("leg 0 BYE (elsewhere)"))
    #expect(lines.contains("bridge 1"))
    driver.pass(4)
    driver.performed(0, .finished)
    #expect(driver.lines() == ["leg 0 BYE (elsewhere)"])
    driver.gone(0)
    // P-25: it was on the line until then.
    for case .tell(.leg(LegNumber(0), let status, _)) in driver.effects
    where status.event == .completed {
      #expect(status.duration == 4)
    }
    #expect(driver.lines() == ["leg 0 completed completed"])
  }

  // MARK: - D-29: a Record's own

  private func recordDriver(
    _ attributes: String = "", document: String? = nil
  ) -> DialDriver {
    var policy = RecordingTests.recorder
    policy.accountSid = "AC1"
    var driver = DialDriver(policy: policy)
    driver.machine = CallMachine(
      caller: driver.machine.facts.caller, rules: CallRules(Settings(), policy: policy),
      wall: DialDriver.wall,
      random: RandomSource(seed: 1))
    driver.run(
      document
        ?? "<Response><Record action=\"/a\" recordingStatusCallback=\"/rc\" \(attributes)/></Response>"
    )
    _ = driver.lines()
    return driver
  }

  private static let sid = "RE0123456789abcdef0123456789abcdef"
  private static let recorded = Performed.recorded(
    Recording(url: "http://files/\(sid).wav", sid: sid, duration: 7), key: 0)

  // P-59, P-60
  @Test func theWebIsToldWhenARecordBeginsAndWhenItsFileIsWhole() {
    var driver = recordDriver("recordingStatusCallbackEvent=\"in-progress completed\"")
    driver.give(.media(.recording(PerformanceNumber(0), sid: Self.sid)))
    #expect(driver.lines() == ["recording in-progress told"])
    driver.pass(7)
    driver.performed(0, Self.recorded)
    #expect(driver.lines() == ["recording completed told", "fetch 0 record POST http://w/a"])
    let (begun, whole) = (driver.recordingCallbacks.first, driver.recordingCallbacks.last)
    #expect(begun?.url == "http://w/rc" && begun?.method == "POST")
    #expect(value("RecordingStatus", begun) == "in-progress" && value("RecordingUrl", begun) == nil)
    #expect(value("RecordingSid", begun) == Self.sid)
    #expect(value("RecordingUrl", whole) == "http://files/\(Self.sid).wav")
    #expect(value("RecordingDuration", whole) == "7" && value("RecordingChannels", whole) == "1")
    #expect(value("RecordingSource", whole) == "RecordVerb")
    #expect(value("CallSid", whole) == DialDriver.parent.description)
    #expect(value("RecordingStartTime", whole) == value("RecordingStartTime", begun))
  }

  @Test func onlyCompletedIsToldWhereNoEventIsNamed() {
    var driver = recordDriver("recordingStatusCallbackMethod=\"get\"")
    driver.give(.media(.recording(PerformanceNumber(0), sid: Self.sid)))
    driver.performed(0, Self.recorded)
    #expect(driver.recordingCallbacks.map(\.method) == ["GET"])
    #expect(value("RecordingStatus", driver.recordingCallbacks.first) == "completed")
  }

  @Test(arguments: [Performed.finished, .unavailable])
  func anEmptyOneIsAbsent(outcome: Performed) {
    var driver = recordDriver("recordingStatusCallbackEvent=\"absent\"")
    driver.give(.media(.recording(PerformanceNumber(0), sid: Self.sid)))
    driver.performed(0, outcome)
    #expect(driver.recordingCallbacks.count == 1)
    #expect(value("RecordingStatus", driver.recordingCallbacks.first) == "absent")
    #expect(value("RecordingUrl", driver.recordingCallbacks.first) == nil)
  }

  // V-15: and the call lasts until it was told.
  @Test func whoHangsUpWhileSpeakingIsToldTheSame() {
    var driver = recordDriver()
    driver.give(.media(.recording(PerformanceNumber(0), sid: Self.sid)))
    driver.callerHangsUp()
    #expect(!driver.lines().contains { $0.hasPrefix("ended") })
    driver.performed(0, Self.recorded)
    #expect(driver.lines().first == "recording completed told")
    driver.reply(0, "<Response/>")
    #expect(driver.lines().contains { $0.hasPrefix("ended") })
  }

  // L-39: the file is still being written.
  @Test func aHostThatEndsTheCallDoesNotLoseIt() {
    var driver = recordDriver()
    driver.give(.media(.recording(PerformanceNumber(0), sid: Self.sid)))
    driver.give(.host(.hangUp(Reason(.stoppedByHost))))
    #expect(!driver.lines().contains { $0.hasPrefix("ended") })
    driver.performed(0, Self.recorded)
    #expect(driver.lines().contains("recording completed told"))
  }

  // P-1
  @Test func ofAScreenedLegTheCallIsTheLeg() {
    var driver = recordDriver(
      document: "<Response><Dial><Sip url=\"/s\">sip:a@h</Sip></Dial></Response>")
    driver.answer(0)
    driver.reply(0, "<Response><Record recordingStatusCallback=\"http://w/rc\"/></Response>")
    driver.give(.media(.recording(PerformanceNumber(0), sid: Self.sid)))
    driver.performed(0, Self.recorded)
    let sid = value("CallSid", driver.recordingCallbacks.last)
    #expect(sid != nil && sid != DialDriver.parent.description)
  }

  @Test func withoutTheAttributeNobodyIsTold() {
    var driver = recordDriver(document: "<Response><Record action=\"/a\"/></Response>")
    driver.give(.media(.recording(PerformanceNumber(0), sid: Self.sid)))
    driver.performed(0, Self.recorded)
    #expect(driver.lines() == ["fetch 0 record POST http://w/a"])
  }
}
