import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// Ten thousand calls in which anything happens at any time (failures §3.3, the invariants S, C and R).
@Suite struct RandomCallTests {
  private static let documents = [
    """
    <Response><Dial action="http://w/x" timeout="5" timeLimit="9" hangupOnStar="true">\
    <Sip statusCallback="http://w/c">sip:a@h</Sip><Sip url="http://w/s" timeout="4">sip:b@h</Sip>\
    <Sip x-delay="2" x-timeout="2">sip:c@h</Sip></Dial><Say>bye</Say></Response>
    """,
    """
    <Response><Dial sequential="true" timeout="3"><Sip>sip:a@h</Sip><Sip>bad</Sip>\
    <Sip url="http://w/s">sip:b@h</Sip></Dial><Redirect>http://w/r</Redirect><Hangup/></Response>
    """,
    """
    <Response><Gather action="http://w/g"></Gather><Dial x-winner="answer" answerOnBridge="false">\
    <Sip url="http://w/s">sip:a@h</Sip><Sip url="http://w/t">sip:b@h</Sip></Dial></Response>
    """,
    """
    <Response><Dial action="http://w/x" x-stop-on="603"><Sip>sip:a@h</Sip><Sip>sip:b@h</Sip></Dial>\
    <Record action="http://w/rec"></Record></Response>
    """,
    """
    <Response><Dial record="record-from-answer-dual" recordingStatusCallback="http://w/rc" x-warn="2" \
    timeLimit="5" action="http://w/x"><Sip url="http://w/s">sip:a@h</Sip>\
    <Sip url="http://w/s">sip:b@h</Sip></Dial></Response>
    """,
    """
    <Response><Dial record="record-from-ringing" recordingStatusCallback="http://w/rc">\
    <Sip>sip:a@h</Sip></Dial><Record action="http://w/rec"></Record></Response>
    """,
    "<Response><Reject/></Response>", "<Response><Pause length=\"2\"/><Dial></Dial></Response>",
    "<Response/>", "<broken",
  ]

  private static func pick(_ limit: Int, _ random: inout RandomSource) -> Int {
    Int(random.next() % UInt64(limit))
  }

  private static func document(_ random: inout RandomSource) -> String {
    documents[pick(documents.count, &random)]
  }

  private static func step(_ driver: inout DialDriver, _ random: inout RandomSource) {
    let leg = UInt32(pick(4, &random))
    let request = UInt32(pick(6, &random))
    switch pick(27, &random) {
    case 0, 1:
      driver.leg(leg, [100, 180, 183, 199][pick(4, &random)], media: pick(2, &random) == 0)
    case 2, 3, 4: driver.answer(leg, usable: pick(6, &random) != 0)
    case 5, 6: driver.reject(leg, [486, 603, 480, 401, 302, 487, 404][pick(7, &random)])
    case 7: driver.give(.leg(LegNumber(leg), .failed(Reason(.silent))))
    case 8: driver.bye(leg)
    case 9: driver.gone(leg)
    case 10, 11: driver.reply(request, document(&random))
    case 12: driver.reply(request, "<Response/>")
    case 13: driver.fail(request)
    case 14: driver.performed(request, .gathered(digits: [0x31], key: 0))
    case 15: driver.performed(request, pick(2, &random) == 0 ? .finished : .unavailable)
    case 16: if pick(3, &random) == 0 { driver.callerCancels() }
    case 17: if pick(3, &random) == 0 { driver.callerHangsUp() }
    case 18: driver.press("*")
    case 19: if pick(4, &random) == 0 { driver.give(.host(.endDial)) }
    case 20: if pick(4, &random) == 0 { driver.run(document(&random)) }
    case 21: if pick(6, &random) == 0 { driver.give(.host(.hangUp(Reason(.stoppedByHost)))) }
    case 22: if pick(6, &random) == 0 { driver.give(.caller(.acknowledgementMissing)) }
    case 23: driver.give(.media(.lost(pick(2, &random) == 0 ? .caller : .leg(LegNumber(leg)))))
    case 24: driver.giveBackRecordings(isWhole: pick(4, &random) != 0)
    case 25: settleAnswer(&driver, isRefused: pick(3, &random) == 0)
    default: driver.pass(Double(pick(4_000, &random)) / 1_000)
    }
  }

  private static func settleAnswer(_ driver: inout DialDriver, isRefused: Bool) {
    guard driver.owesAnswer else { return }
    if isRefused { driver.give(.caller(.mediaRefused)) } else { driver.confirmAnswer() }
  }

  /// Most callers can be answered, some cannot (L-49), and for some it takes its time.
  private static func answering(_ seed: Int) -> DialDriver.Answering {
    switch seed % 7 {
    case 3: .isRefused
    case 4, 5: .isHeld
    default: .succeeds
    }
  }

  @Test func whateverHappensInWhateverOrderTheRulesHold() {
    var endings = 0
    var bridges = 0
    for seed in 0..<10_000 {
      var random = RandomSource(seed: UInt64(seed))
      var driver = DialDriver(
        RandomCallTests.document(&random), isAnswered: seed % 5 == 0, seed: UInt64(seed),
        policy: RandomCallTests.policy(seed), offersSpeech: seed % 11 != 0,
        answering: RandomCallTests.answering(seed))
      for _ in 0..<11 { RandomCallTests.step(&driver, &random) }
      finish(&driver)
      var checker = EffectChecker()
      checker.isAnswered = seed % 5 == 0
      for (place, effect) in driver.effects.enumerated() {
        if driver.answeredAt == place { checker.isAnswered = true }
        checker.take(effect)
      }
      checker.finish()
      if driver.ended != nil { endings += 1 }
      bridges += driver.effects.count { if case .leg(_, .bridge) = $0 { true } else { false } }
      if driver.machine.nextDeadline != nil || !checker.faults.isEmpty {
        Issue.record("seed \(seed): \(checker.faults) in \(driver.all)")
        return
      }
    }
    #expect(bridges > 500, "the calls got nowhere: \(bridges) bridges")
    #expect(endings == 10_000)
  }

  /// Half of the calls have a recorder, and a word for those who come too late.
  private static func policy(_ seed: Int) -> CallPolicy {
    var policy = CallPolicy(Settings())
    policy.records = seed % 2 == 0
    policy.recordingBase = "http://files"
    policy.lostRacePrompt = seed % 4 == 0 ? "http://w/late.wav" : ""
    return policy
  }

  /// The world calms down: everybody leaves, every request is answered.
  private func finish(_ driver: inout DialDriver) {
    driver.give(.host(.hangUp(Reason(.stoppedByHost))))
    driver.pass(100)
    for number in 0..<driver.machine.outbox.nextPerformance { driver.performed(number, .finished) }
    driver.giveBackRecordings(isWhole: true)
    for number in 0..<driver.machine.outbox.nextRequest { driver.fail(number) }
    for number in 0..<driver.machine.outbox.nextLeg { driver.gone(number) }
    driver.pass(100)
  }
}
