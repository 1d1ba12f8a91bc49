import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// Calls that the host asks for.
extension Agent {
  func call(
    _ party: String, from: String, _ document: DocumentSource, at now: Instant
  ) -> Outcome {
    guard isStarted, case .open = service else { return .failure(.closing) }
    let read: PartyText
    switch PartyText.read(party, from: from, settings: settings) {
    case .success(let text): read = text
    case .failure(let problem): return .failure(.party(problem))
    }
    let noun = read.noun
    let local = localAddress()
    let domain = CallerIdentity.domain(settings, local: local)
    let callID = userAgent.makeCallID()
    var caller = CallMachine.Caller(
      sid: CallSid(from: &random), direction: .outboundAPI, isAnswered: false, from: "",
      to: "", sipCallID: String(decoding: callID, as: UTF8.self), localDomain: domain)
    let identity = LegIdentity(read.callerID, of: caller)
    let target = Array(noun.requestURI.utf8)
    caller.from = CallerIdentity.shown(CallerAddress(Array(identity.uri.utf8)), settings)
    caller.to = CallerIdentity.shown(CallerAddress(target), settings)
    // Who dials on behalf of this call is the party that was called: it is the one on the line.
    caller.user = noun.user
    let media = DirectMedia(origin: makeOrigin(), address: local)
    let invite = OutgoingInvite(
      target: target, from: LegInvite.nameAddress(identity),
      to: LegInvite.toURI(noun.requestURI), callID: callID, maxForwards: 70,
      headers: noun.headers
        + (identity.isPrivate ? [HeaderLine("Privacy", Array("id".utf8))] : []))
    let number = makeCallNumber()
    let call = Call(
      phase: .calling(document), caller: caller, session: nil, media: media,
      mode: settings.media)
    call.heldInvite = invite
    calls[number] = call
    tally.callsOutgoing &+= 1
    journal?.name(.call(number, sid: caller.sid, callID: callID))
    if settings.media == .direct {
      beginHeldInvite(of: number, at: now)
    } else {
      openForCaller(number)
    }
    return .success(.called(number))
  }

  /// Its description is known now.
  func beginHeldInvite(of number: CallNumber, at now: Instant) {
    guard var invite = calls[number]?.heldInvite else { return }
    calls[number]?.heldInvite = nil
    invite.body = calls[number]?.media.offerForCaller() ?? []
    invite.placesMedia = calls[number]?.media.anchored != nil
    let session = userAgent.invite(invite, at: now)
    owners[session] = CallOwner(call: number, party: .caller)
    calls[number]?.session = session
  }

  /// The name of a call that has not ended (spec P-1).
  package func sid(of call: CallNumber) -> CallSid? { calls[call]?.caller.sid }

  /// The first address we listen on that is one.
  func localAddress() -> SocketAddress {
    listeners.first { !$0.local.isWildcard }?.local ?? SocketAddress(ipv4: 0, port: 0)
  }
}
