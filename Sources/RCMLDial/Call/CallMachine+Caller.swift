import RCMLBasics
import RCMLDocument

/// The caller's side: ringing, answering, leaving, and the end of the call.
extension CallMachine {
  mutating func tellCaller(_ input: CallerLeg.Input) {
    for effect in callerLeg.handle(input, at: now) { out.append(.caller(effect)) }
  }

  /// CANCEL or BYE of the caller (L-32, L-37, L-47).
  mutating func callerLeft(_ how: CallerLeg.Input, _ reasons: [[UInt8]]) {
    guard callerLeg.isAlive else { return }
    let wasAnswered = callerLeg.answeredAt != nil || callerLeg.state == .answered
    tellCaller(how)
    guard !callerLeg.isAlive else { return }
    callerReasons = reasons
    end = CallEnd(
      status: wasAnswered ? .completed : .canceled, sipCode: nil, hangupBy: .caller,
      duration: callerDuration)
    giveUpDocument(.callerGone, remoteHungUp: true)
  }

  /// L-38.
  mutating func acknowledgementMissing() {
    guard callerLeg.state == .answered else { return }
    endCaller(FinalResponse(480), reasons: [], by: .engine)
    giveUpDocument(.acknowledgementMissing)
  }

  mutating func hostEndsCall() {
    guard callerLeg.isAlive else { return }
    guard dial == nil else {
      // L-39: the legs first; the action is still requested, its reply ignored.
      endsWithDial = .host
      return tellDial(.hostEnded)
    }
    endCaller(FinalResponse(480), reasons: [], by: .host)
    giveUpDocument(.hostEnded)
  }

  /// Our 200 is out; or the party we called for the host has taken our call.
  mutating func callerAnswered() {
    let wasCalled = callerLeg.state == .calling
    tellCaller(.answered)
    guard callerLeg.state == .answered else { return }
    if wasCalled {
      guard let source = successor else { return }
      successor = nil
      return begin(source)
    }
    if case .answer(let performance) = script.waiting { performOnCaller(performance) }
    switch dial?.progress {
    case .awaitingAnswer: beginDial()
    case .connecting(let leg): bridge(leg)
    case .racing, .bridged, nil: break
    }
  }

  /// L-49: nothing else runs, not even what L-47 still asks for.
  mutating func refuseMedia() {
    guard callerLeg.isWaiting else { return }
    let code = CallerLeg.unusableOffer.code
    warn(
      .mediaRefused,
      "The caller is refused with \(code): of what it offers nothing can be used for what it has to hear (L-49)."
    )
    end = CallEnd(
      status: LegMachine.status(of: code), sipCode: code, hangupBy: .engine, duration: 0)
    tellCaller(.mediaRefused)
    if dial?.progress == .awaitingAnswer {
      dial = nil  // it was never begun
      script.waiting = .nothing
    }
    guard dial == nil else { return tellDial(.callEnds) }
    giveUpDocument(.callEnded)
  }

  mutating func callerFailed(_ code: UInt16?) {
    guard callerLeg.state == .calling else { return incomingCallerFailed(code) }
    tellCaller(.failed)
    end = CallEnd(
      status: code.map { LegMachine.status(of: $0, for480And408: policy.status480And408) }
        ?? .failed, sipCode: code, hangupBy: .caller, duration: 0)
  }

  /// A caller never acknowledged our ringing: the INVITE has its final response (U-21).
  private mutating func incomingCallerFailed(_ code: UInt16?) {
    guard callerLeg.isAlive else { return }
    end = CallEnd(status: .failed, sipCode: code, hangupBy: .engine, duration: callerDuration)
    tellCaller(.failed)
    giveUpDocument(.callerGone)
  }

  /// The end of the call by document, engine or host (L-46): BYE, or the final response.
  mutating func endCaller(_ response: FinalResponse, reasons: [[UInt8]], by side: HangupSide) {
    guard callerLeg.isAlive else { return }
    let code = callerLeg.isWaiting ? response.code : nil
    let status: CallStatus
    switch callerLeg.state {
    case .new, .ringing, .answering:
      status = LegMachine.status(of: response.code, for480And408: policy.status480And408)
    case .calling: status = .canceled
    case .answered, .ended, .refused: status = .completed
    }
    end = CallEnd(status: status, sipCode: code, hangupBy: side, duration: callerDuration)
    tellCaller(.callEnds(response, reasons: reasons))
  }

  /// Stops whatever runs on the caller. A Dial's action is not aborted (H-25, L-47): its reply is ignored.
  mutating func giveUpDocument(_ why: GivingUp, remoteHungUp: Bool = false) {
    guard dial == nil else { return tellDial(CallMachine.dialInput(for: why)) }
    switch script.waiting {
    case .document(let number, .action):
      farewells.insert(number)
    case .document(let number, .voice), .document(let number, .screening),
      .document(let number, .gather), .document(let number, .record),
      .document(let number, .redirect), .document(let number, .refer):
      out.append(.web(number, .abort))
    case .performance(let number, let performance):
      out.append(.media(.stopPerforming(number)))
      if remoteHungUp, case .record(let record) = performance {
        lastWords[number] = LastWords(record: record, script: script, leg: nil)
      }
    case .nothing, .answer, .pause, .dial:
      break
    }
    script.waiting = .nothing
  }

  private static func dialInput(for why: GivingUp) -> DialMachine.Input {
    switch why {
    case .callerGone: .callerGone
    case .acknowledgementMissing: .acknowledgementMissing
    case .lostRace, .ringTimeout, .hostEnded, .timeLimit, .star, .stopCode, .callEnded, .mediaLost:
      .hostEnded
    }
  }

  var callerDuration: Int {
    guard let answeredAt = callerLeg.answeredAt else { return 0 }
    return max(0, (now - answeredAt).wholeSeconds)
  }

  /// P-5 of the caller's own requests.
  var callerStatus: String {
    switch callerLeg.state {
    case .new, .ringing, .answering: CallStatus.ringing.rawValue
    case .calling: CallStatus.initiated.rawValue
    case .answered: CallStatus.inProgress.rawValue
    case .ended, .refused: (end?.status == .completed ? CallStatus.completed : .canceled).rawValue
    }
  }

  var callerVoice: VoiceParameters {
    var voice = VoiceParameters(
      sid: caller.sid, from: caller.from, to: caller.to,
      direction: caller.direction == .inbound ? "inbound" : "outbound-api",
      timestamp: startedAt ?? "")
    voice.callerName = caller.callerName
    voice.forwardedFrom = caller.forwardedFrom
    voice.sipCallID = caller.sipCallID
    return voice
  }

  mutating func warn(_ code: FindingCode, _ text: String, line: Int = 0, column: Int = 0) {
    let finding = Finding(severity: .warning, code: code, line: line, column: column, text: text)
    out.append(.tell(.finding(finding)))
  }
}
