import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// The legs of a call's Dials: what is done with them, and what happens to them.
extension CallRun {
  // MARK: how they begin

  func startLeg(_ leg: LegNumber, _ request: LegRequest, at now: Instant) {
    // It may have been given up while its stream was being opened (L-19, I-S5).
    if case .running(let document) = phase, !document.isLegAlive(leg) {
      return failLeg(leg, because: Reason(.callEnded))
    }
    let host = request.target.hostMedia
    if host?.isFrames == true, !streams.isAnchored { return failUnsupportedMedia(leg) }
    if let anchored = streams.anchored, !anchored.isOpen(leg) {
      // No port was free for its stream.
      return failLeg(leg, because: Reason(.noMediaPort))
    }
    guard host != nil || services.calls.legCounts[caller.trail] < rules.settings.maxBreadth
    else {
      return failTooBroad(leg)
    }
    let secrecy = secrecy(of: request)
    guard !secrecy.isClosed else { return failOpenLeg(leg, secrecy) }
    let offer = changeMedia(at: now) { media, _ in
      media.offerForLeg(leg, isSpoken: request.media == .spoken, secrecy: secrecy)
    }
    guard !offer.isEmpty else { return failOpenLeg(leg, secrecy) }
    if let host { return callHostParty(leg, request, host, offer: offer) }
    var invite = LegInvite.make(request, for: caller, offer: offer, rules: rules)
    invite.placesMedia = streams.isAnchored
    invite.staysSecured = secrecy.tellsKeys && !settings.srtpWithoutTLS
    add(leg, services.lines.invite(invite, at: now), request)
  }

  private func callHostParty(
    _ leg: LegNumber, _ request: LegRequest, _ media: HostMedia, offer: [UInt8]
  ) {
    let line = services.lines.addHostLine(
      HostLine(
        .leg(leg), of: number, media: media, bringsOffer: false,
        placesMedia: streams.isAnchored, shown: services.shownAddress ?? .loopback))
    add(leg, line, request)
    let uri = request.target.requestURI
    let invite = HostInvite(
      to: HostPartyURI(uri)?.name ?? uri, from: request.from.uri,
      fromName: request.from.displayName, media: media, headers: request.headers, sdp: offer)
    services.lines.call(invite, on: line)
  }

  private func add(_ leg: LegNumber, _ line: LineID, _ request: LegRequest) {
    services.calls.add(line, of: .leg(leg), self)
    legs.add(leg, line)
    services.outputs.record(.leg(number, leg, sid: request.sid, callID: request.sipCallID))
  }

  /// Whatever Max-Breadth says, and whoever takes it out: no more legs than this come of one caller's INVITE at once (Y-6).
  private func failTooBroad(_ leg: LegNumber) {
    services.count(.breadth)
    warn(.breadthLimit, "A target was not dialled: this call has come back here too often.")
    let phrase = Array("Max-Breadth Exceeded".utf8)
    let reason = Reason(.breadthLimit, sipStatus: 440)
    enqueue(
      .leg(leg, .rejected(code: 440, phrase: phrase, reasons: [], headers: [], reason)))
    enqueue(.leg(leg, .ended))
  }

  private func failUnsupportedMedia(_ leg: LegNumber) {
    warn(
      .mediaRefused,
      "A party that speaks in frames was not called: media goes from phone to phone here (set media to anchored)."
    )
    failLeg(leg, because: Reason(.framesNeedAnchor))
  }

  func failLeg(_ leg: LegNumber, because reason: Reason) {
    enqueue(.leg(leg, .failed(reason)))
    enqueue(.leg(leg, .ended))
  }

  // MARK: what happens to them

  func happenedToLeg(
    _ event: LineEvent, _ leg: LegNumber, on line: LineID, at now: Instant
  ) {
    switch event {
    case .provisional(let code, let description):
      changeMedia(at: now) { $0.legSentEarly(leg, description, &$1) }
      enqueue(.leg(leg, .provisional(code: code, hasMedia: !description.isEmpty)))
    case .answered(let description, let headers):
      let isUsable = changeMedia(at: now) { $0.legAnswered(leg, description, &$1) }
      let problem = isUsable ? nil : Reason(description.problem)
      enqueue(.leg(leg, .answered(unusable: problem, headers: headers)))
    case .answeredTooLate:
      // Only its code still means something (M-8, P-26).
      enqueue(.leg(leg, .answered(unusable: Reason(.callEnded), headers: [])))
    case .rejected(let code, let phrase, let reasons, let headers, let reason):
      enqueue(
        .leg(
          leg,
          .rejected(code: code, phrase: phrase, reasons: reasons, headers: headers, reason)))
    case .failed(_, let reason):
      enqueue(.leg(leg, .failed(reason)))
    case .hungUp(let reasons, let headers):
      silenceLeg(leg, at: now)
      enqueue(.leg(leg, .hungUp(reasons: reasons, headers: headers)))
    case .lost:
      // 481 or 408 to a request in the dialog ends the leg (spec U-27).
      silenceLeg(leg, at: now)
      enqueue(.leg(leg, .lost(Reason(.dialogLost))))
    case .info(let contentType, let body):
      infoArrived(InfoBody(contentType: contentType, octets: body), from: .leg(leg), at: now)
    case .referred(let target):
      enqueue(.leg(leg, .referred(to: String(decoding: target, as: UTF8.self))))
    case .ended:
      services.calls.remove(line)
      legs.remove(leg)
      silenceLeg(leg, at: now)
      enqueue(.leg(leg, .ended))
    case .cancelled, .acknowledgementMissing, .confirmed, .media, .innerAddressShown, .question:
      break
    }
  }
}
