import RCMLBasics
import RCMLDial
import RCMLSIP

/// How a call that the host asks for begins.
extension CallRun {
  /// The INVITE to a party; once it answered, the document runs on it. It rings for `limit`, zero = `call_timeout`
  /// (spec U-65).
  static func outgoing(
    to party: String, from: String, _ document: DocumentSource, limit: Interval = .zero,
    settings own: OwnSettings? = nil, _ services: AgentServices, at now: Instant
  ) -> Result<CommandResult, Refusal> {
    let settings = own?.rules.settings ?? services.settings
    let read: PartyText
    switch PartyText.read(party, from: from, settings: settings) {
    case .success(let text): read = text
    case .failure(let problem): return .failure(.party(problem))
    }
    let noun = read.noun
    let secrecy = services.secrecy(
      settings, isDemanded: noun.demandsSecrecy,
      isSignallingSecured: SignallingSecrecy.isSecured(noun, by: settings.outboundProxy))
    guard !secrecy.isClosed else { return .failure(.secrecy) }
    let local = services.lines.localAddress
    let callID = services.lines.makeCallID()
    var caller = CallMachine.Caller(
      sid: services.makeCallSid(), direction: .outboundAPI, isAnswered: false, from: "", to: "",
      sipCallID: String(decoding: callID, as: UTF8.self),
      localDomain: CallerIdentity.domain(settings, local: local))
    let identity = LegIdentity(read.callerID, of: caller)
    let target = Array(noun.requestURI.utf8)
    caller.from = CallerIdentity.shown(CallerAddress(Array(identity.uri.utf8)), settings)
    caller.to = CallerIdentity.shown(CallerAddress(target), settings)
    // Who dials on behalf of this call is the party that was called: it is the one on the line.
    caller.user = noun.user
    let streams = CallStreams(
      DirectMedia(origin: services.makeOrigin(), address: local, secrecy: secrecy),
      mode: settings.mediaMode)
    let number = services.calls.makeCallNumber()
    // What comes back of it is no leg: the first one is (Y-6).
    let trail = CallTrail(
      root: caller.sid.low, depth: 0, maxBreadth: UInt8(clamping: settings.maxBreadth))
    var invite = OutgoingInvite(
      target: target, from: LegInvite.nameAddress(identity),
      to: LegInvite.to(target), callID: callID, maxForwards: 70,
      headers: noun.headers
        + (identity.isPrivate ? [HeaderLine("Privacy", Array("id".utf8))] : []),
      credentials: LegInvite.credentials(of: noun),
      trail: trail)
    invite.staysSecured = secrecy.tellsKeys && !settings.srtpWithoutTLS
    let until = now + (limit == .zero ? settings.callTimeout : limit)
    let call = CallRun(
      number, phase: .calling(document, until: until),
      caller: CallerSide(caller, trail: trail, line: nil), streams: streams, settings: own,
      services: services)
    services.calls.add(call)
    services.outputs.count(.outgoing)
    services.outputs.record(.call(call.number, sid: caller.sid, callID: callID))
    call.begin(invite, at: now)
    call.reschedule()
    return .success(.called(call.number))
  }
}
