import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import RCMLSIP

/// Parties of the host's own: callers it brings, legs it is told to call.
extension Agent {
  // MARK: callers

  func hostCall(_ party: HostCaller, _ document: DocumentSource?, at now: Instant) -> Outcome {
    guard isStarted, case .open = service else { return .failure(.closing) }
    let isFrames = party.media.isFrames
    guard isFrames || party.sdp.isEmpty || SessionDescription.isUsable(party.sdp) else {
      return .failure(.hostOffer)
    }
    let comesByHere = isFrames || party.sdp.isEmpty
    guard !comesByHere || settings.media != .direct else { return .failure(.hostMedia) }
    let local = localAddress()
    let domain = CallerIdentity.domain(settings, local: local)
    guard let from = HostIdentity.address(party.from, domain: domain, settings: settings),
      let to = HostIdentity.address(
        party.to.isEmpty ? "sip:\(domain)" : party.to, domain: domain, settings: settings)
    else { return .failure(.hostIdentity) }
    let caller = CallMachine.Caller(
      sid: CallSid(from: &random), direction: .inbound, isAnswered: false,
      from: CallerIdentity.shown(from, settings), to: CallerIdentity.shown(to, settings),
      user: from.user, isPrivate: from.isAnonymous,
      callerName: HostIdentity.name(party.name),
      sipCallID: String(decoding: userAgent.makeCallID(), as: UTF8.self), localDomain: domain)
    let session = hostLines.add(
      HostLine(
        media: party.media, isCaller: true, brings: !party.sdp.isEmpty, shown: shown(local)))
    let number = makeCallNumber()
    var call = Call(
      phase: .waiting(until: now + Agent.hostPatience), caller: caller, session: session,
      media: DirectMedia(origin: makeOrigin(), address: local),
      mode: comesByHere ? .anchored : settings.media)
    call.media.callerSent(isFrames ? FrameDescription.make(party.media) : party.sdp)
    call.assertedIdentity = Array("<\(from.uri)>".utf8)
    owners[session] = CallOwner(call: number, party: .caller)
    calls[number] = call
    tally.callsOfHost &+= 1
    journal?.name(.call(number, sid: caller.sid, callID: Array(caller.sipCallID.utf8)))
    findWay(to: session, describedBy: party.sdp)
    if let document {
      run(document, on: number, at: now)
    } else {
      reschedule(number)
    }
    return .success(.called(number))
  }

  /// Where our RTP is for a party of the host's: where the world finds us (T-5), or else an address we listen on; nil when
  /// that is all of them.
  private func shown(_ local: SocketAddress) -> SocketAddress? {
    let known = SocketAddress.read(host: Array(settings.publicAddress.utf8)[...], port: 0)
    return known ?? (local.isWildcard ? nil : local)
  }

  /// We listen on every address: which one leads to where the party's sound is must be asked, or it is this machine.
  private func findWay(to session: SessionID, describedBy sdp: [UInt8]) {
    guard let line = hostLines[session], line.shown == nil else { return }
    guard let remote = SessionDescription.check(sdp).usableAudio?.address, !remote.isWildcard else {
      return tellHost(hostLines.routeFound(to: session, local: .loopback), of: session)
    }
    hostRoutes[remote, default: []].append(session)
    outputs.append(.network(.findRoute(to: remote)))
  }

  func hostRouteFound(to destination: SocketAddress, local: SocketAddress) {
    for session in hostRoutes.removeValue(forKey: destination) ?? [] {
      tellHost(hostLines.routeFound(to: session, local: local), of: session)
    }
  }

  // MARK: legs

  /// False: its frames cannot come by here.
  func canCarry(_ media: HostMedia, on number: CallNumber) -> Bool {
    !media.isFrames || calls[number]?.media.anchored != nil
  }

  func failUncarried(_ leg: LegNumber, of number: CallNumber) {
    let text =
      "A party that speaks in frames was not called: media goes from phone to phone here (set media to anchored)."
    tell(.finding(number, Finding(severity: .warning, code: .mediaRefused, text: text)))
    pending.append(.legFailed(leg, .unreachable), for: number)
    pending.append(.legEnded(leg), for: number)
  }

  func startHostLeg(
    _ leg: LegNumber, _ request: LegRequest, _ media: HostMedia, offer: [UInt8],
    of number: CallNumber
  ) {
    guard let call = calls[number] else { return }
    var line = HostLine(
      media: media, isCaller: false, brings: false, shown: shown(localAddress()) ?? .loopback)
    line.placesMedia = call.media.anchored != nil
    let session = hostLines.add(line)
    owners[session] = CallOwner(call: number, party: .leg(leg))
    calls[number]?.legs[leg] = session
    journal?.name(.leg(number, leg, sid: request.sid, callID: request.sipCallID))
    let invite = HostInvite(
      to: request.target.requestURI,
      from: String(decoding: LegInvite.nameAddress(request.from), as: UTF8.self), media: media,
      headers: request.headers, sdp: offer)
    tellHost(hostLines.call(invite, on: session), of: session)
  }

  // MARK: what the host says

  func hostSays(
    _ news: HostNews, of leg: LegNumber?, _ number: CallNumber, at now: Instant
  ) -> Outcome {
    guard let call = calls[number] else { return .failure(.gone) }
    guard let session = leg.map({ call.legs[$0] }) ?? call.session else { return .failure(.gone) }
    guard session.isHostLine, let line = hostLines[session] else {
      return .failure(session.isHostLine ? .gone : .notHosts)
    }
    let party: Party = leg.map { .leg($0) } ?? .caller
    switch news {
    case .presses(let key):
      guard InfoDigit.isKey(key) else { return .failure(.key) }
      guard line.machine.isAnswered else { return .failure(.hostState) }
      heard(key, from: party, of: number, by: .host, at: now)
      return .success(.done)
    case .rings(let code, _):
      guard (180...189).contains(code) else { return .failure(.ringingCode) }
    case .ends(let code), .refuses(let code):
      guard code == 0 || (300...699).contains(code) else { return .failure(.rejectionCode) }
    case .answers, .offers:
      break
    }
    guard let told = hostLines.take(news, on: session) else { return .failure(.hostState) }
    tellHost(told, of: session)
    return .success(.done)
  }

  // MARK: frames

  /// The stream through which a party's frames go; nil: there is none (yet).
  package func frameStream(of leg: LegNumber?, _ number: CallNumber) -> MediaID? {
    let party: Party = leg.map { .leg($0) } ?? .caller
    guard frameMedia(of: leg, number) != nil else { return nil }
    return calls[number]?.media.anchored?.stream(of: party)
  }

  /// In which form a party of the host's speaks; nil: the party is not the host's, or speaks in no frames.
  package func frameMedia(of leg: LegNumber?, _ number: CallNumber) -> HostMedia? {
    guard let call = calls[number],
      let session = leg.map({ call.legs[$0] }) ?? call.session, session.isHostLine,
      let media = hostLines[session]?.media, media.isFrames
    else { return nil }
    return media
  }
}
