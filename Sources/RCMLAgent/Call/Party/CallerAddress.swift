/// A SIP or tel URI as far as a document sees it: user, host and port (spec P-3, P-4).
struct CallerAddress: Hashable {
  /// Lower case; empty when the text is no URI.
  var scheme = ""
  /// Without password.
  var user = ""
  /// Host with its port, if it had one; IPv6 in brackets.
  var place = ""

  init(_ uri: [UInt8]) {
    guard let colon = uri.firstIndex(of: UInt8(ascii: ":")) else { return }
    scheme = String(decoding: uri[..<colon], as: UTF8.self).lowercased()
    var rest = uri[(colon + 1)...]
    if scheme == "tel" {
      user = String(decoding: rest.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
      return
    }
    if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
      user = String(decoding: rest[..<at].prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
      rest = rest[(at + 1)...]
    }
    let end = rest.firstIndex { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "?") }
    place = String(decoding: rest[..<(end ?? rest.endIndex)], as: UTF8.self)
  }

  /// RFC 3323 §4.1.1.3, or what the field uses in its place.
  var isAnonymous: Bool {
    user.lowercased() == "anonymous" || place.lowercased().hasPrefix("anonymous.invalid")
  }

  var isNumber: Bool {
    let digits = user.utf8.first == UInt8(ascii: "+") ? user.utf8.dropFirst() : user.utf8[...]
    return !digits.isEmpty && digits.allSatisfy { $0 >= 48 && $0 <= 57 }
  }

  /// Scheme, user, host and port; what `sip_address_format` = uri shows.
  var uri: String {
    var text = scheme
    text.reserveCapacity(scheme.utf8.count + user.utf8.count + place.utf8.count + 2)
    text += ":"
    text += user
    if !place.isEmpty {
      if !user.isEmpty { text += "@" }
      text += place
    }
    return text
  }
}
