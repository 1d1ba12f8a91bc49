import RCMLBasics
import RCMLDocument

extension CallPolicy {
  /// U-7. The preset restcomm has three of its own.
  func identityHeaders(sid: CallSid, parent: CallSid, and more: [HeaderLine] = []) -> [HeaderLine] {
    guard !idHeaderPrefix.isEmpty else { return more }
    var lines: [HeaderLine] = []
    lines.reserveCapacity(more.count + 3)
    if idHeaderPrefix == "X-RestComm-" {
      lines.append(HeaderLine(name: idHeaderNames.apiVersion, value: Array(apiVersion.utf8)))
      lines.append(HeaderLine(name: idHeaderNames.accountSid, value: Array(accountSid.utf8)))
      lines.append(HeaderLine(name: idHeaderNames.callSid, value: sid.octets))
    } else {
      lines.append(HeaderLine(name: idHeaderNames.callSid, value: sid.octets))
      lines.append(HeaderLine(name: idHeaderNames.parentCallSid, value: parent.octets))
    }
    lines += more
    return lines
  }

  func limits(of noun: SipNoun) -> LegMachine.Limits {
    var limits = LegMachine.Limits()
    limits.cancelWait = cancelWait
    limits.screening = noun.timeout
    limits.ringing = noun.ringLimit
    limits.ringTimeoutStatus = ringTimeoutStatus
    limits.screeningRejectStatus = screeningRejectStatus
    limits.status480And408 = status480And408
    return limits
  }
}

extension CallPolicy.AddressFormat {
  /// From of the leg's INVITE (P-3).
  func shown(_ identity: LegIdentity) -> String {
    if let user = identity.user { return shown(user: user, uri: identity.uri) }
    let parts = SipAddressParts(identity.uri)
    return shown(
      user: parts.user, host: parts.hostAndPort, isSecure: identity.uri.hasPrefix("sips:"))
  }

  /// To of the leg (P-4).
  func shown(_ noun: SipNoun) -> String {
    if let written = noun.written { return written }
    guard !noun.host.isEmpty else { return SipAddressParts.shownAsWritten(noun.uri) }
    return shownTarget(
      user: noun.user, host: noun.host, port: noun.port, isSecure: noun.isSecure)
  }
}
