import RCMLBasics
import RCMLDial
import RCMLSIP

/// What a document is told of a caller (spec P-1 … P-12, U-2, U-3, X-20, X-22).
enum CallerIdentity {
  static func caller(
    of invite: IncomingInvite, sid: CallSid, settings: Settings
  ) -> CallMachine.Caller {
    let from = CallerAddress(invite.fromURI)
    var caller = CallMachine.Caller(
      sid: sid, direction: .inbound, isAnswered: false,
      from: shown(from, settings), to: shown(CallerAddress(invite.requestURI), settings),
      user: from.user, isPrivate: isPrivate(invite.headers) || from.isAnonymous,
      callerName: String(decoding: invite.fromDisplayName, as: UTF8.self),
      forwardedFrom: forwarder(in: invite.headers),
      sipCallID: String(decoding: invite.callID, as: UTF8.self),
      headers: invite.headers.filter(\.isShown), maxForwards: invite.maxForwards,
      localDomain: domain(settings, local: invite.local), maxBreadth: invite.trail.maxBreadth)
    caller.invite.peerNames = String(decoding: invite.peer.names, as: UTF8.self)
    return caller
  }

  /// P-3 and P-4 by `sip_address_format`.
  static func shown(_ address: CallerAddress, _ settings: Settings) -> String {
    switch settings.sipAddressFormat {
    case .auto: address.isNumber ? address.user : address.uri
    case .uri: address.uri
    case .user: address.user
    }
  }

  /// `from_domain`, else the address of ours the call came to (spec U-2, Q-8).
  static func domain(_ settings: Settings, local: SocketAddress) -> String {
    if !settings.fromDomain.isEmpty { return settings.fromDomain }
    if local.isWildcard { return "localhost" }
    var writer = ByteWriter(capacity: 48)
    local.appendHost(to: &writer)
    return writer.finishText()
  }

  /// Parties are not to be shown who calls (spec U-3; RFC 3325 §9.3).
  static func isPrivate(_ headers: [HeaderLine]) -> Bool {
    headers.contains { $0.isNamed("privacy") && $0.hasWord("id") }
  }

  /// Who diverted the call here (spec X-22); empty = nobody.
  static func forwarder(in headers: [HeaderLine]) -> String {
    headers.first { $0.isNamed("diversion") }.map { DiversionEntry.user(of: $0.value) } ?? ""
  }

  /// The caller's asserted identity, else its From, a URI (spec U-4).
  static func asserted(in headers: [HeaderLine], from uri: [UInt8]) -> [UInt8] {
    if let line = headers.first(where: { $0.isNamed("p-asserted-identity") }) {
      return line.value
    }
    var writer = ByteWriter(capacity: uri.count + 2)
    writer.append(UInt8(ascii: "<"))
    writer.append(uri)
    writer.append(UInt8(ascii: ">"))
    return writer.finish()
  }
}
