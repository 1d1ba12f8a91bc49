/// User and host of a SIP URI as text, for showing only: no password, no parameters, no headers (spec P-4).
package struct SipAddressParts: Hashable, Sendable {
  package var user = ""
  package var hostAndPort = ""

  package init(_ uri: String) {
    var rest = Substring(uri)
    for scheme in ["sip:", "sips:"] where rest.lowercased().hasPrefix(scheme) {
      rest = rest.dropFirst(scheme.count)
      break
    }
    if let at = rest.lastIndex(of: "@") {
      user = String(rest[..<at].prefix { $0 != ":" })
      rest = rest[rest.index(after: at)...]
    }
    hostAndPort = String(rest.prefix { $0 != ";" && $0 != "?" })
  }
}
