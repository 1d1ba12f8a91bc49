import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// From the calls to SIP, the web and the host.
extension Agent {
  func handle(_ input: CallInput, of number: CallNumber, at now: Instant) {
    guard let effects = calls[number]?.handle(input, at: now) else { return }
    for effect in effects { perform(effect, of: number, at: now) }
    reschedule(number)
  }

  private func perform(_ effect: CallEffect, of number: CallNumber, at now: Instant) {
    switch effect {
    case .ringCaller, .answerCaller, .rejectCaller, .hangUpCaller:
      performOnCaller(effect, of: number, at: now)
    case .startLeg, .cancelLeg, .hangUpLeg, .bridge, .unbridge, .takeRefer, .referTaken:
      performOnLeg(effect, of: number, at: now)
    case .ask(let question):
      ask(question, of: number, at: now)
    case .fetch(let request, let document):
      ask(document, number, request, at: now)
    case .abortFetch(let request):
      web.withdraw(.document(number, request))
    case .status(let leg, let status, let callback):
      tell(.legStatus(number, leg, status))
      if let callback { deliver(callback, of: .init(call: number, leg: leg), at: now) }
    case .perform(let performance, _, _):
      // Nobody here can speak or listen yet; the call goes on without (spec V-10, V-11, V-15).
      pending.append(.performed(performance, .unavailable), for: number)
    case .stopPerforming:
      break
    case .dialEnded(let result):
      tell(.dialEnded(number, result))
    case .warn(let finding):
      tell(.finding(number, finding))
    case .ended(let end):
      remove(number, end)
    }
  }

  private func performOnCaller(_ effect: CallEffect, of number: CallNumber, at now: Instant) {
    guard let session = calls[number]?.session else { return }
    switch effect {
    case .ringCaller(let code, let leg):
      let early = leg.flatMap { calls[number]?.media.earlyMediaForCaller(of: $0) }
      // A 183 that has nothing to say would stop the caller's own ringing (spec U-20).
      let isProgress = code == 183 && early != nil
      if userAgent.ring(session, code: isProgress ? 183 : 180, body: early ?? [], at: now) {
        calls[number]?.media.callerHasAnswer = true
      }
    case .answerCaller(let leg):
      answer(number, with: leg, at: now)
    case .rejectCaller(let code, let phrase, let reasons):
      let headers = reasons.map { HeaderLine("Reason", $0) }
      userAgent.reject(session, code: code, phrase: phrase, headers: headers, at: now)
    case .hangUpCaller(let reasons):
      userAgent.end(session, reasons: reasons, at: now)
    case .startLeg, .cancelLeg, .hangUpLeg, .bridge, .unbridge, .takeRefer, .referTaken, .ask,
      .fetch, .abortFetch, .status,
      .perform, .stopPerforming, .dialEnded, .warn, .ended:
      break
    }
  }

  private func performOnLeg(_ effect: CallEffect, of number: CallNumber, at now: Instant) {
    switch effect {
    case .startLeg(let leg, let request):
      start(leg, request, of: number, at: now)
    case .cancelLeg(let leg, let reasons), .hangUpLeg(let leg, let reasons):
      if let session = calls[number]?.legs[leg] {
        userAgent.end(session, reasons: reasons, at: now)
      }
    case .bridge(let leg):
      bridge(leg, of: number, at: now)
    case .unbridge(let leg):
      unbridge(leg, of: number, at: now)
    case .takeRefer(let leg):
      if let session = calls[number]?.legs[leg] { userAgent.takeRefer(session, true) }
    case .referTaken(let leg):
      if let session = calls[number]?.legs[leg] {
        userAgent.referFinished(session, code: 200, at: now)
      }
    case .ringCaller, .answerCaller, .rejectCaller, .hangUpCaller, .ask, .fetch, .abortFetch,
      .status,
      .perform, .stopPerforming, .dialEnded, .warn, .ended:
      break
    }
  }

  /// 200 to an incoming caller: the winner's media, or none as long as nobody is there (spec L-3, L-4).
  func answer(_ number: CallNumber, with leg: LegNumber?, at now: Instant) {
    guard let session = calls[number]?.session, calls[number]?.isAnswered == false else { return }
    calls[number]?.media.callerHasAnswer = userAgent.hasAnswer(session)
    guard let sdp = calls[number]?.media.answerForCaller(with: leg) else { return }
    calls[number]?.answeredAt = now
    userAgent.accept(session, body: sdp, headers: [], at: now)
    tell(.answered(number))
  }

  private func start(
    _ leg: LegNumber, _ request: LegRequest, of number: CallNumber, at now: Instant
  ) {
    guard let call = calls[number], let offer = calls[number]?.media.offerForLeg(leg) else {
      return
    }
    let invite = LegInvite.make(request, for: call, offer: offer, settings: settings)
    let session = userAgent.invite(invite, at: now)
    owners[session] = CallOwner(call: number, party: .leg(leg))
    calls[number]?.legs[leg] = session
    journal?.name(.leg(number, leg, sid: request.sid, callID: invite.callID))
  }

  /// The end of a call that ran no document.
  func end(
    _ number: CallNumber, status: CallStatus, code: UInt16?, side: HangupSide, at now: Instant
  ) {
    guard let call = calls[number] else { return }
    let duration = call.answeredAt.map { (now - $0).wholeSeconds } ?? 0
    remove(
      number, CallEnd(status: status, sipCode: code, hangupBy: side, duration: duration))
  }

  private func remove(_ number: CallNumber, _ end: CallEnd) {
    guard calls.removeValue(forKey: number) != nil else { return }
    questions.withdrawTargets(of: number)
    tell(.ended(number, end))
    forgetStaleDeadlines()
  }
}
