import RCMLBasics
import RCMLDial
import RCMLSIP

/// The caller: what is done with it, and what happens to it.
extension CallRun {
  // MARK: what is done with it

  func ringCaller(
    code: UInt16, earlyMediaOf leg: LegNumber?, on line: LineID, at now: Instant
  ) {
    let early = leg.flatMap { leg in
      changeMedia(at: now) { $0.earlyMediaForCaller(of: leg, &$1) }
    }
    if let leg, early != nil { keys.join(leg) }
    // A 183 that has nothing to say would stop the caller's own ringing (spec U-20).
    let isProgress = code == 183 && early != nil
    if services.lines.ring(line, code: isProgress ? 183 : 180, sdp: early ?? [], at: now) {
      streams.callerHasAnswer(true)
    }
  }

  /// 200 to an incoming caller: the winner's media, or none as long as nobody is there (spec L-3, L-4). The document
  /// hears at once whether it was sent.
  func answerCaller(with leg: LegNumber?, on line: LineID, at now: Instant) {
    guard !caller.isAnswered else { return handle(.caller(.answered), at: now) }
    // It may have given up while its stream was being opened (L-37).
    if case .running(let machine) = phase, !machine.isCallerAlive { return }
    streams.callerHasAnswer(services.lines.hasAnswer(line))
    var effects: [MediaEffect] = []
    let sdp = streams.change(&effects) { $0.answerForCaller(with: leg, &$1) }
    guard let sdp else {
      // Nothing of what the caller can do is anything that we, or the winner, can (L-49).
      if isRunning { return handle(.caller(.mediaRefused), at: now) }
      let refusal = CallerLeg.unusableOffer
      let reason = Reason(.callerOfferUnusable, sipStatus: refusal.code)
      services.lines.reject(
        line, code: refusal.code, phrase: refusal.phrase, because: reason, at: now)
      return end(
        status: .failed, code: refusal.code, side: .engine, because: reason, at: now)
    }
    caller.answered(at: now)
    services.lines.answer(line, sdp: sdp, at: now)
    perform(effects, at: now)
    tell(.answered)
    // At once: what waited for the answer follows it before anything else can happen.
    handle(.caller(.answered), at: now)
  }

  /// A final response to a caller whose document does not run.
  func refuse(code: UInt16, phrase: String, because cause: ReasonCode, at now: Instant) {
    guard let line = caller.line else { return }
    let reason = Reason(cause, sipStatus: code)
    services.lines.reject(
      line, code: code, phrase: Array(phrase.utf8), because: reason, at: now)
    end(
      status: LegMachine.status(of: code), code: code, side: .host, because: reason, at: now)
  }

  // MARK: what happens to it

  func happenedToCaller(_ event: LineEvent, on line: LineID, at now: Instant) {
    switch event {
    case .provisional(let code, _):
      if code >= 180, code < 199, caller.rings() { tell(.ringing) }
    case .answered(let description, _):
      callerAnswered(description, at: now)
    case .rejected(let code, _, _, _, let reason):
      callerGone(
        .failed(code: code, reason), side: .callee, code: code, because: reason, at: now)
    case .failed(let code, let reason):
      callerGone(
        .failed(code: code, reason), side: .engine, code: code, because: reason, at: now)
    case .cancelled(let reasons):
      silenceCaller()
      callerGone(
        .cancelled(reasons: reasons), side: .caller, because: Reason(.callerGaveUp), at: now)
    case .hungUp(let reasons, _):
      silenceCaller()
      callerGone(
        .hungUp(reasons: reasons), side: .caller, because: Reason(.callerHungUp), at: now)
    case .lost:
      silenceCaller()
      let reason = Reason(.dialogLost)
      callerGone(.lost(reason), side: .caller, because: reason, at: now)
    case .acknowledgementMissing:
      let reason = Reason(.acknowledgementMissing)
      if !isRunning { services.lines.end(line, because: reason, at: now) }
      callerGone(.acknowledgementMissing, side: .engine, because: reason, at: now)
    case .info(let contentType, let body):
      infoArrived(InfoBody(contentType: contentType, octets: body), from: .caller, at: now)
    case .confirmed: confirmCaller(at: now)
    case .ended:
      services.calls.remove(line)
    case .media, .answeredTooLate, .referred, .innerAddressShown, .question:
      break
    }
  }

  /// A caller of ours answered.
  private func callerAnswered(_ description: PartyDescription, at now: Instant) {
    guard case .calling(let document, _) = phase else { return }
    caller.answered(at: now)
    changeMedia(at: now) { $0.callerAnswered(description, &$1) }
    tell(.answered)
    run(document)
  }

  /// The caller is gone: the document hears of it if one runs, else the call is over.
  private func callerGone(
    _ input: CallerInput, side: HangupSide, code: UInt16? = nil, because reason: Reason,
    at now: Instant
  ) {
    if isRunning { return enqueue(.caller(input)) }
    let status: CallStatus
    if caller.isAnswered {
      status = .completed
    } else if let code {
      status = LegMachine.status(of: code)
    } else {
      status = side == .caller ? .canceled : .failed
    }
    end(status: status, code: code, side: side, because: reason, at: now)
  }
}
