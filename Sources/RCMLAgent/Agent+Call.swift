import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// From the calls to SIP, the web and the host.
extension Agent {
  func handle(_ input: CallInput, of number: CallNumber, at now: Instant) {
    guard let effects = calls[number]?.handle(input, at: now) else { return }
    run(effects, of: number, at: now)
    reschedule(number)
  }

  /// In order: what needs a stream that is not there yet waits for it, and all that follows waits behind.
  func run(_ effects: [CallEffect], of number: CallNumber, at now: Instant) {
    for (place, effect) in effects.enumerated() {
      let waits = calls[number]?.opening != nil || !(calls[number]?.backlog.isEmpty ?? true)
      if waits || opensStream(for: effect, of: number) {
        calls[number]?.backlog += effects[place...]
        return
      }
      perform(effect, of: number, at: now)
    }
  }

  private func perform(_ effect: CallEffect, of number: CallNumber, at now: Instant) {
    switch effect {
    case .ringCaller, .answerCaller, .rejectCaller, .hangUpCaller:
      performOnCaller(effect, of: number, at: now)
    case .startLeg, .cancelLeg, .hangUpLeg, .bridge, .hearLeg, .unbridge, .takeRefer,
      .referTaken:
      performOnLeg(effect, of: number, at: now)
    case .ask(let question):
      ask(question, of: number, at: now)
    case .fetch(let request, let document):
      ask(document, number, request, at: now)
    case .abortFetch(let request):
      web.withdraw(.document(number, request))
    case .status(let leg, let status, let callback):
      tell(.onCall(number, .legStatus(leg, status)))
      if let callback { deliver(callback, of: .init(call: number, leg: leg), at: now) }
    case .perform, .stopPerforming, .record, .recordAlso, .endRecording, .recordingStatus:
      performMedia(effect, of: number, at: now)
    case .dialEnded(let result):
      tell(.onCall(number, .dialEnded(result)))
    case .warn(let finding):
      tell(.finding(number, finding))
    case .ended(let end):
      remove(number, end, at: now)
    }
  }

  private func performMedia(_ effect: CallEffect, of number: CallNumber, at now: Instant) {
    switch effect {
    case .perform(let performance, let party, let what):
      perform(performance, on: party, what, of: number, at: now)
    case .stopPerforming(let performance):
      stopPerforming(performance, of: number, at: now)
    case .record(let request):
      record(request, of: number)
    case .recordAlso(let sid, let leg):
      recordAlso(sid, leg, of: number)
    case .endRecording(let sid, let isKept):
      endRecording(sid, isKept: isKept, of: number)
    case .recordingStatus(let status, let callback):
      tell(.onCall(number, .recording(status)))
      if let callback { deliver(callback, of: .recordings(of: number), at: now) }
    case .ringCaller, .answerCaller, .rejectCaller, .hangUpCaller, .startLeg, .cancelLeg,
      .hangUpLeg, .bridge, .hearLeg, .unbridge, .takeRefer, .referTaken, .ask, .fetch, .abortFetch,
      .status, .dialEnded, .warn, .ended:
      break
    }
  }

  private func performOnCaller(_ effect: CallEffect, of number: CallNumber, at now: Instant) {
    guard let session = calls[number]?.session else { return }
    switch effect {
    case .ringCaller(let code, let leg):
      let early = leg.flatMap { leg in
        changeMedia(of: number, at: now) { $0.earlyMediaForCaller(of: leg, &$1) } ?? nil
      }
      // A 183 that has nothing to say would stop the caller's own ringing (spec U-20).
      let isProgress = code == 183 && early != nil
      if ringLine(session, code: isProgress ? 183 : 180, body: early ?? [], at: now) {
        calls[number]?.media.callerHasAnswer = true
      }
    case .answerCaller(let leg):
      answer(number, with: leg, at: now)
    case .rejectCaller(let code, let phrase, let reasons):
      let headers = reasons.map { HeaderLine("Reason", $0) }
      silence(.caller, of: number, at: now)
      rejectLine(session, code: code, phrase: phrase, headers: headers, at: now)
    case .hangUpCaller(let reasons):
      silence(.caller, of: number, at: now)
      endLine(session, reasons: reasons, at: now)
    case .startLeg, .cancelLeg, .hangUpLeg, .bridge, .hearLeg, .unbridge, .takeRefer, .referTaken,
      .ask, .fetch, .abortFetch, .status, .perform, .stopPerforming, .record, .recordAlso,
      .endRecording, .recordingStatus, .dialEnded, .warn, .ended:
      break
    }
  }

  private func performOnLeg(_ effect: CallEffect, of number: CallNumber, at now: Instant) {
    switch effect {
    case .startLeg(let leg, let request):
      start(leg, request, of: number, at: now)
    case .cancelLeg(let leg, let reasons), .hangUpLeg(let leg, let reasons):
      silence(.leg(leg), of: number, at: now)
      if let session = calls[number]?.legs[leg] {
        endLine(session, reasons: reasons, at: now)
      }
    case .bridge(let leg, let withholdsStar):
      bridge(leg, withholdsStar: withholdsStar, of: number, at: now)
    case .hearLeg(let leg):
      changeMedia(of: number, at: now) { $0.heard(leg, &$1) }
    case .unbridge(let leg):
      unbridge(leg, of: number, at: now)
    case .takeRefer(let leg):
      if let session = calls[number]?.legs[leg] { userAgent.takeRefer(session, true) }
    case .referTaken(let leg):
      if let session = calls[number]?.legs[leg] {
        userAgent.referFinished(session, code: 200, at: now)
      }
    case .ringCaller, .answerCaller, .rejectCaller, .hangUpCaller, .ask, .fetch, .abortFetch,
      .status, .perform, .stopPerforming, .record, .recordAlso, .endRecording, .recordingStatus,
      .dialEnded, .warn, .ended:
      break
    }
  }

  /// 200 to an incoming caller: the winner's media, or none as long as nobody is there (spec L-3, L-4).
  func answer(_ number: CallNumber, with leg: LegNumber?, at now: Instant) {
    guard let session = calls[number]?.session, calls[number]?.isAnswered == false else { return }
    calls[number]?.media.callerHasAnswer = !session.isHostLine && userAgent.hasAnswer(session)
    var effects: [MediaEffect] = []
    guard let sdp = calls[number]?.media.answerForCaller(with: leg, &effects) else {
      // Nothing of what the caller can do is anything that we, or the winner, can.
      rejectLine(session, code: 488, phrase: Array("Not Acceptable Here".utf8), at: now)
      return leave(number, .callerCancelled(reasons: []), side: .engine, code: 488, at: now)
    }
    calls[number]?.answeredAt = now
    acceptLine(session, body: sdp, at: now)
    perform(effects, of: number, at: now)
    tell(.onCall(number, .answered))
  }

  private func start(
    _ leg: LegNumber, _ request: LegRequest, of number: CallNumber, at now: Instant
  ) {
    guard let call = calls[number] else { return }
    let isAnchored = call.media.anchored != nil
    if let media = request.target.hostMedia, !canCarry(media, on: number) {
      return failUncarried(leg, of: number)
    }
    if isAnchored, call.media.anchored?.isOpen(leg) == false {
      // There was no port for it.
      pending.append(.legFailed(leg, .unreachable), for: number)
      return pending.append(.legEnded(leg), for: number)
    }
    guard let offer = calls[number]?.media.offerForLeg(leg, isSpoken: request.media == .spoken)
    else { return }
    if let media = request.target.hostMedia {
      return startHostLeg(leg, request, media, offer: offer, of: number)
    }
    var invite = LegInvite.make(request, for: call, offer: offer, settings: settings)
    invite.placesMedia = isAnchored
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
      number, CallEnd(status: status, sipCode: code, hangupBy: side, duration: duration), at: now)
  }

  private func remove(_ number: CallNumber, _ end: CallEnd, at now: Instant) {
    guard let call = calls.removeValue(forKey: number) else { return }
    endHostRecording(of: call, number, at: now)
    for stream in call.media.anchored?.streams ?? [] {
      guard streams.removeValue(forKey: stream) != nil else { continue }
      outputs.append(.media(.close(stream)))
    }
    // In order, or a replay would not be the same.
    for (performance, run) in call.performances.sorted(by: { $0.key.number < $1.key.number }) {
      if let playback = run.playback { playbacks[playback] = nil }
      release(performance, of: number)
    }
    questions.withdrawTargets(of: number)
    tell(.onCall(number, .ended(end)))
    forgetStaleDeadlines()
  }
}
