import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// From SIP to the calls.
extension Agent {
  func perform(_ effect: UserAgentEffect, at now: Instant) {
    switch effect {
    case .send(let listener, let destination, let bytes):
      outputs.append(.network(.send(listener, to: destination, bytes: bytes)))
    case .openStream(let id, let destination):
      outputs.append(.network(.openStream(id, to: destination)))
    case .sendStream(let id, let bytes):
      outputs.append(.network(.sendStream(id, bytes: bytes)))
    case .closeStream(let id):
      outputs.append(.network(.closeStream(id)))
    case .resolve(let id, let host):
      openResolutions += 1
      outputs.append(.names(.addresses(id, host: host)))
    case .findServices(let id, let name):
      openResolutions += 1
      outputs.append(.names(.services(id, name: name)))
    case .findPointers(let id, let name):
      openResolutions += 1
      outputs.append(.names(.pointers(id, name: name)))
    case .findRoute(let destination):
      outputs.append(.network(.findRoute(to: destination)))
    case .incoming(let session, let invite):
      incoming(session, invite, at: now)
    case .session(let session, let event):
      happened(event, to: session, at: now)
    case .judged(let verdict):
      journal?.name(.verdict(verdict))
    case .refused(let reason, let code, let source):
      tell(.refused("\(reason)", code: code, from: source))
    case .message(let sent, let transport, let peer, let bytes):
      // For the host's eyes: credentials are masked (spec A-8).
      tell(.message(sent: sent, transport, peer: peer, text: SecretMask().message(bytes)))
    }
  }

  func happened(_ event: SessionEvent, to session: SessionID, at now: Instant) {
    switch event {
    case .credentialsWanted(let realm, let place):
      return wantCredentials(session, realm: realm, place: place, at: now)
    case .redirectWanted(let uri):
      return askAboutRedirect(session, uri, at: now)
    case .ended:
      questions.withdraw(.credentials(session))
      questions.withdraw(.redirect(session))
    default: break
    }
    guard let owner = owners[session] else { return }
    guard calls[owner.call] != nil else { return happenedAfterwards(event, to: session, at: now) }
    if takesMedia(event, of: owner, at: now) { return }
    switch owner.party {
    case .caller: happenedToCaller(event, session, of: owner.call, at: now)
    case .leg(let leg): happenedToLeg(event, session, leg, of: owner.call, at: now)
    }
  }

  /// The call is over, but the session is not yet.
  private func happenedAfterwards(_ event: SessionEvent, to session: SessionID, at now: Instant) {
    switch event {
    case .answered:
      endLine(session, at: now)
    case .offered:
      refuseOfferOfLine(session, code: 481, at: now)
    case .ended:
      owners[session] = nil
    case .provisional, .answeredTooLate, .rejected, .failed, .cancelled, .hungUp, .acknowledged,
      .acknowledgementMissing, .offerAccepted, .offerRefused, .info, .lost, .credentialsWanted,
      .redirectWanted, .referred:
      break
    }
  }

  private func happenedToCaller(
    _ event: SessionEvent, _ session: SessionID, of number: CallNumber, at now: Instant
  ) {
    switch event {
    case .provisional(let code, _):
      if code >= 180, code < 199, calls[number]?.hasRung == false {
        calls[number]?.hasRung = true
        tell(.onCall(number, .ringing))
      }
    case .answered(_, let body, _):
      callerAnswered(number, body, at: now)
    case .rejected(let code, _, _, _):
      leave(number, .callerFailed(code: code), side: .callee, code: code, at: now)
    case .failed(let failure):
      let code: UInt16? = failure == .unacknowledged ? 504 : nil
      leave(number, .callerFailed(code: code), side: .engine, code: code, at: now)
    case .cancelled(let reasons):
      silence(.caller, of: number, at: now)
      leave(number, .callerCancelled(reasons: reasons), side: .caller, code: nil, at: now)
    case .hungUp(let reasons, _):
      silence(.caller, of: number, at: now)
      leave(number, .callerHungUp(reasons: reasons), side: .caller, code: nil, at: now)
    case .lost:
      silence(.caller, of: number, at: now)
      leave(number, .callerHungUp(reasons: []), side: .caller, code: nil, at: now)
    case .acknowledgementMissing:
      if isRunning(number) {
        pending.append(.callerAcknowledgementMissing, for: number)
      } else {
        endLine(session, at: now)
        leave(number, .callerAcknowledgementMissing, side: .engine, code: nil, at: now)
      }
    case .info(let contentType, let body):
      digit(in: body, contentType, from: .caller, of: number, at: now)
    case .ended:
      owners[session] = nil
    case .answeredTooLate, .acknowledged, .offered, .offerAccepted, .offerRefused,
      .credentialsWanted, .redirectWanted, .referred:
      break
    }
  }

  private func happenedToLeg(
    _ event: SessionEvent, _ session: SessionID, _ leg: LegNumber, of number: CallNumber,
    at now: Instant
  ) {
    switch event {
    case .provisional(let code, let body):
      changeMedia(of: number, at: now) { $0.legSentEarly(leg, body, &$1) }
      pending.append(
        .legProvisional(leg, code: code, hasMedia: !body.isEmpty), for: number)
    case .answered(let code, let body, let headers):
      let usable =
        changeMedia(of: number, at: now) { $0.legAnswered(leg, body, &$1) } ?? false
      pending.append(
        .legAnswered(leg, code: code, usable: usable, headers: headers), for: number)
    case .answeredTooLate(let code):
      // Only its code still means something (M-8, P-26).
      pending.append(.legAnswered(leg, code: code, usable: false, headers: []), for: number)
    case .rejected(let code, let phrase, let reasons, let headers):
      pending.append(
        .legRejected(leg, code: code, phrase: phrase, reasons: reasons, headers: headers),
        for: number)
    case .failed(let failure):
      pending.append(.legFailed(leg, LegFailure(failure)), for: number)
    case .hungUp(let reasons, let headers):
      silence(.leg(leg), of: number, at: now)
      pending.append(.legHungUp(leg, reasons: reasons, headers: headers), for: number)
    case .lost:
      // 481 or 408 to a request in the dialog ends the leg (spec U-27).
      silence(.leg(leg), of: number, at: now)
      pending.append(.legHungUp(leg, reasons: [], headers: []), for: number)
    case .info(let contentType, let body):
      digit(in: body, contentType, from: .leg(leg), of: number, at: now)
    case .referred(let target):
      pending.append(
        .legReferred(leg, to: String(decoding: target, as: UTF8.self)), for: number)
    case .ended:
      owners[session] = nil
      calls[number]?.legs[leg] = nil
      silence(.leg(leg), of: number, at: now)
      pending.append(.legEnded(leg), for: number)
    case .cancelled, .acknowledged, .acknowledgementMissing, .offered, .offerAccepted,
      .offerRefused, .credentialsWanted, .redirectWanted:
      break
    }
  }

  /// The caller is gone: told to the document if one runs, else the call is over.
  func leave(
    _ number: CallNumber, _ input: CallInput, side: HangupSide, code: UInt16?, at now: Instant
  ) {
    if isRunning(number) { return pending.append(input, for: number) }
    guard let call = calls[number] else { return }
    let status: CallStatus
    if call.isAnswered {
      status = .completed
    } else if let code {
      status = LegMachine.status(of: code)
    } else {
      status = side == .caller ? .canceled : .failed
    }
    end(number, status: status, code: code, side: side, at: now)
  }

  func isRunning(_ number: CallNumber) -> Bool {
    if case .running = calls[number]?.phase { return true }
    return false
  }

  private func digit(
    in body: [UInt8], _ contentType: [UInt8], from party: Party, of number: CallNumber,
    at now: Instant
  ) {
    guard let digit = InfoDigit.read(body, contentType: contentType) else { return }
    heard(digit, from: party, of: number, by: .info, at: now)
  }
}

extension LegFailure {
  fileprivate init(_ failure: SessionFailure) {
    switch failure {
    case .timeout, .unacknowledged: self = .timeout
    case .unresolved: self = .unresolved
    case .unreachable: self = .unreachable
    case .unsupportedTransport: self = .unsupportedTransport
    case .invalidTarget: self = .invalidTarget
    }
  }
}
