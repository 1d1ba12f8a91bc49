import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import RCMLSIP

/// Parties of the host's own: callers it brings, and what it says of them.
extension CallRun {
  /// A caller whom the host has on a line of its own. Without a document it waits as an incoming call does.
  static func brought(
    _ party: HostCaller, _ document: DocumentSource?, settings own: OwnSettings? = nil,
    _ services: AgentServices, at now: Instant
  ) -> Result<CommandResult, Refusal> {
    let settings = own?.rules.settings ?? services.settings
    let frames = FrameDescription(party.media)
    let offer = (frames.map { .frames($0) } ?? PartyDescription.sdp(party.sdp)).session
    let audio = party.sdp.isEmpty ? nil : offer?.audio
    guard frames != nil || party.sdp.isEmpty || audio != nil else {
      return .failure(.hostOffer)
    }
    let isAnchored = frames != nil || party.sdp.isEmpty
    guard !isAnchored || settings.media != .direct else { return .failure(.hostMedia) }
    let local = services.lines.localAddress
    let domain = CallerIdentity.domain(settings, local: local)
    guard let from = HostIdentity.address(party.from, domain: domain, settings: settings),
      let to = HostIdentity.address(
        party.to.isEmpty ? "sip:\(domain)" : party.to, domain: domain, settings: settings)
    else { return .failure(.hostIdentity) }
    if let wrong = party.headers.first(where: { !$0.isWhole }) {
      return .failure(.hostHeader(String(decoding: wrong.name, as: UTF8.self)))
    }
    let caller = CallMachine.Caller(
      sid: services.makeCallSid(), direction: .inbound, isAnswered: false,
      from: CallerIdentity.shown(from, settings), to: CallerIdentity.shown(to, settings),
      user: from.user,
      isPrivate: party.isPrivate || from.isAnonymous || CallerIdentity.isPrivate(party.headers),
      callerName: HostIdentity.name(party.name),
      forwardedFrom: CallerIdentity.forwarder(in: party.headers),
      sipCallID: String(decoding: services.lines.makeCallID(), as: UTF8.self),
      headers: party.headers.filter(\.isShown), localDomain: domain,
      offersSpeech: audio?.formats.contains(where: \.isSpoken) ?? true)
    let number = services.calls.makeCallNumber()
    let line = services.lines.addHostLine(
      HostLine(
        .caller, of: number, media: party.media, bringsOffer: !party.sdp.isEmpty,
        shown: services.shownAddress))
    let streams = CallStreams(
      DirectMedia(origin: services.makeOrigin(), address: local),
      mode: isAnchored ? .anchored : settings.mediaMode)
    let call = CallRun(
      number, phase: .waiting(until: now + settings.incomingTimeout),
      caller: CallerSide(
        caller, asserted: CallerIdentity.asserted(in: party.headers, from: Array(from.uri.utf8)),
        line: line),
      streams: streams, settings: own, services: services)
    call.changeMedia(at: now) { media, _ in media.callerSent(offer) }
    services.calls.add(call)
    services.calls.add(line, of: .caller, call)
    services.outputs.count(.host)
    services.outputs.record(
      .call(number, sid: caller.sid, callID: Array(caller.invite.callID.utf8)))
    services.lines.findWay(to: line, at: audio?.address)
    if party.isAnswered { call.answerWithoutDocument(at: now) }
    if let document {
      call.run(document)
    } else {
      call.reschedule()
    }
    return .success(.called(number))
  }

  /// What the host says of a party of its own; nil = the caller.
  func hear(
    _ report: HostPartyReport, of leg: LegNumber?, at now: Instant
  ) -> Result<CommandResult, Refusal> {
    let party: Party = leg.map { .leg($0) } ?? .caller
    guard let line = line(of: party) else { return .failure(.gone) }
    let hostLine: HostLine
    switch services.lines.hostLine(line) {
    case .success(let known): hostLine = known
    case .failure(let refusal): return .failure(refusal)
    }
    switch report {
    case .presses(let key):
      guard TelephoneKey.isKey(key) else { return .failure(.key) }
      guard hostLine.machine.isAnswered else { return .failure(.hostState) }
      press(key, by: party, .host, at: now)
      return .success(.done)
    case .rings(let code, _):
      guard (180...189).contains(code) else { return .failure(.ringingCode) }
    case .ends(let code), .refuses(let code):
      guard code == 0 || (300...699).contains(code) else { return .failure(.rejectionCode) }
    case .answers, .offers:
      break
    }
    return services.lines.hear(report, on: line).map { .done }
  }
}
