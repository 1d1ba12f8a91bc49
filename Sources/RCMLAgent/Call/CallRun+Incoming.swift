import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// How a call that comes in by SIP begins.
extension CallRun {
  /// `document`: nil = the host is told of the call and runs one itself.
  static func incoming(
    _ session: SessionID, _ invite: IncomingInvite, document: DocumentSource?,
    _ services: AgentServices, at now: Instant
  ) {
    let rules = services.rules
    let secrecy = services.secrecy(
      rules.settings, isSignallingSecured: SignallingSecrecy.isSecured(invite))
    let isLate =
      invite.body.isEmpty && rules.settings.media != .direct && rules.settings.lateOffer == .accept
      && !secrecy.isClosed
    let offer = SessionDescription(reading: invite.body)?.serving(secrecy.served)
    let audio = offer?.audio
    guard isLate || audio != nil else {
      return refuseOffer(of: session, invite, services, at: now)
    }
    let number = services.calls.makeCallNumber()
    var identity = CallerIdentity.caller(
      of: invite, sid: services.makeCallSid(), settings: rules.settings)
    identity.invite.offersSpeech = audio?.formats.contains(where: \.isSpoken) ?? true
    let line = LineID.sip(session)
    let streams = CallStreams(
      DirectMedia(origin: services.makeOrigin(), address: invite.local, secrecy: secrecy),
      // Nobody's phone can be told where another one is before it has said so itself (spec L-6).
      mode: isLate ? .anchored : rules.settings.mediaMode)
    let call = CallRun(
      number, phase: .waiting(until: now + rules.settings.incomingTimeout),
      caller: CallerSide(
        identity, asserted: CallerIdentity.asserted(in: invite.headers, from: invite.fromURI),
        trail: invite.trail,
        isConfirmed: invite.transport.isReliable, line: line),
      streams: streams, services: services)
    call.changeMedia(at: now) { media, _ in media.callerSent(offer) }
    services.calls.add(call)
    services.calls.add(line, of: .caller, call)
    services.outputs.count(.incoming)
    services.outputs.record(.call(number, sid: identity.sid, callID: invite.callID))
    if let document {
      call.run(document)
    } else {
      call.tell(.incoming(told(invite, as: identity)))
      call.reschedule()
    }
  }

  /// Only for a host that chooses the document: whoever has a default one pays for none of it (spec Q-33).
  private static func told(_ invite: IncomingInvite, as identity: CallMachine.Caller)
    -> IncomingCall
  {
    var told = IncomingCall(
      sid: identity.sid, from: identity.from, to: identity.to,
      name: String(decoding: invite.fromDisplayName, as: UTF8.self),
      requestURI: String(decoding: invite.requestURI, as: UTF8.self),
      transport: invite.transport, peer: invite.source,
      headers: invite.message?.headerForm() ?? [])
    told.peerNames = String(decoding: invite.peer.names, as: UTF8.self)
    return told
  }

  /// Phone-to-phone media needs the caller's offer first (spec L-6).
  private static func refuseOffer(
    of session: SessionID, _ invite: IncomingInvite, _ services: AgentServices, at now: Instant
  ) {
    let isMissing = invite.body.isEmpty
    let code: UInt16 = isMissing ? 400 : 488
    services.lines.refuse(
      session, code: code, phrase: isMissing ? "SDP Offer Required" : "Not Acceptable Here",
      at: now)
    services.outputs.tell(
      .refused(
        Reason(
          isMissing ? .noDescription : .callerOfferUnusable,
          isMissing
            ? "INVITE without an SDP offer: the media of this call goes from phone to phone and needs one."
            : textOfRefusal(invite, services.rules.settings),
          sipStatus: code), from: invite.source))
  }

  private static func textOfRefusal(_ invite: IncomingInvite, _ settings: Settings) -> String {
    let offer = SessionDescription(reading: invite.body)
    let isRead = offer?.streams.contains { $0.kind == .audio && $0.isOn } ?? false
    guard isRead, settings.srtp == .require else {
      return "INVITE with an SDP offer that cannot be read or holds no media."
    }
    return settings.srtpWithoutTLS || SignallingSecrecy.isSecured(invite)
      ? "INVITE whose sound would not be secret, or not by keys that we know: srtp is require."
      : "INVITE whose keys anybody on the way can read: srtp is require, and this is not TLS."
  }
}
