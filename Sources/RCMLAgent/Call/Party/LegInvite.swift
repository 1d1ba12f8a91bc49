import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// A leg of a Dial as an INVITE (spec §10.1, S-7, X-9).
enum LegInvite {
  static func make(
    _ request: LegRequest, for caller: CallerSide, offer: [UInt8], rules: CallRules
  ) -> OutgoingInvite {
    var headers = request.headers
    if request.from.isPrivate { headers.append(HeaderLine("Privacy", Array("id".utf8))) }
    if rules.settings.trustDomain, !caller.assertedIdentity.isEmpty {
      headers.append(HeaderLine("P-Asserted-Identity", caller.assertedIdentity))
    }
    if rules.settings.passDiversion {
      headers += caller.identity.invite.headers.filter { $0.isNamed("diversion") }
    }
    let target = Array(request.target.requestURI.utf8)
    return OutgoingInvite(
      target: target, from: nameAddress(request.from), to: to(target), callID: request.sipCallID,
      maxForwards: request.maxForwards, headers: headers, body: offer,
      credentials: credentials(of: request.target),
      trail: caller.trail.onward(maxBreadth: request.maxBreadth))
  }

  /// Spec A-1: a missing password is an empty one.
  static func credentials(of noun: SipNoun) -> Credentials? {
    noun.username.map { Credentials(username: $0.exposed, password: noun.password?.exposed ?? "") }
  }

  /// `"Alice" <sip:alice@example.com>`; quotes and backslashes of the name escaped (RFC 3261 §25.1).
  static func nameAddress(_ identity: LegIdentity) -> [UInt8] {
    var octets: [UInt8] = []
    // A quote and a backslash are rare: room for the name as it is.
    octets.reserveCapacity(identity.displayName.utf8.count + identity.uri.utf8.count + 5)
    if !identity.displayName.isEmpty {
      octets.append(UInt8(ascii: "\""))
      for octet in identity.displayName.utf8 where octet >= 32 && octet != 127 {
        if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") {
          octets.append(UInt8(ascii: "\\"))
        }
        octets.append(octet)
      }
      octets.append(UInt8(ascii: "\""))
      octets.append(UInt8(ascii: " "))
    }
    octets.append(UInt8(ascii: "<"))
    octets.append(contentsOf: identity.uri.utf8)
    octets.append(UInt8(ascii: ">"))
    return octets
  }

  /// To: in brackets, without which what follows a semicolon would be the header's and not the URI's (RFC 3261 §20.10).
  static func to(_ target: [UInt8]) -> [UInt8] {
    [UInt8(ascii: "<")] + toURI(target) + [UInt8(ascii: ">")]
  }

  /// The Request-URI without its parameters, `user` excepted (spec U-6).
  static func toURI(_ octets: [UInt8]) -> [UInt8] {
    let host = octets.lastIndex(of: UInt8(ascii: "@")).map { $0 + 1 } ?? 0
    let end = octets[host...].firstIndex { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "?") }
    guard let end else { return octets }
    let parameters = octets[end...].prefix { $0 != UInt8(ascii: "?") }
    let user = parameters.split(separator: UInt8(ascii: ";")).first {
      String(decoding: $0, as: UTF8.self).lowercased().hasPrefix("user=")
    }
    return Array(octets[..<end]) + (user.map { [UInt8(ascii: ";")] + Array($0) } ?? [])
  }
}
