import RCMLBasics

/// An absolute `http:`, `https:` or `host:` URL taken apart as far as a request needs it.
///
/// User info goes into a header (spec H-6) and the fragment into the times (H-23); neither is in `text`.
struct WebAddress: Hashable {
  /// Lower case.
  let scheme: String
  /// Still percent-encoded; empty = none.
  var userInfo: String
  /// Host and port as written; empty for `host:`.
  let authority: String
  /// Begins with `/`, and is ASCII (spec H-32); for `host:` whatever stood behind the colon.
  var path: String
  /// Without `?`, and ASCII but for `host:`; nil = there was none.
  var query: String?
  /// Without `#`; empty = none.
  let fragment: String

  /// nil: no absolute URL of a scheme we ask.
  init?(_ url: String) {
    let octets = Array(url.utf8)
    guard let colon = octets.firstIndex(of: UInt8(ascii: ":")),
      octets.allSatisfy({ $0 > 0x20 && $0 != 0x7f })
    else { return nil }
    scheme = String(decoding: octets[..<colon], as: UTF8.self).lowercased()
    guard scheme == "http" || scheme == "https" || scheme == "host" else { return nil }
    var rest = octets[(colon + 1)...]
    fragment = WebAddress.cut(&rest, at: UInt8(ascii: "#")) ?? ""
    query = WebAddress.cut(&rest, at: UInt8(ascii: "?"))
    if scheme == "host" {
      (userInfo, authority) = ("", "")
      path = String(decoding: rest, as: UTF8.self)
      return
    }
    guard rest.starts(with: Array("//".utf8)) else { return nil }
    rest = rest.dropFirst(2)
    let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
    let place = rest[..<end]
    path = end == rest.endIndex ? "/" : String(decoding: rest[end...], as: UTF8.self)
    if let at = place.lastIndex(of: UInt8(ascii: "@")) {
      userInfo = String(decoding: place[..<at], as: UTF8.self)
      authority = String(decoding: place[(at + 1)...], as: UTF8.self)
    } else {
      userInfo = ""
      authority = String(decoding: place, as: UTF8.self)
    }
    if authority.isEmpty || authority.utf8.first == UInt8(ascii: ":") { return nil }
    // H-32: who the host is must not depend on how its name is converted.
    guard PercentEncoding.isASCII(authority.utf8) else { return nil }
    path = PercentEncoding.ascii(path)
    query = query.map { PercentEncoding.ascii($0) }
  }

  private static func cut(_ octets: inout ArraySlice<UInt8>, at mark: UInt8) -> String? {
    guard let position = octets.firstIndex(of: mark) else { return nil }
    defer { octets = octets[..<position] }
    return String(decoding: octets[(position + 1)...], as: UTF8.self)
  }

  var isHost: Bool { scheme == "host" }

  /// As it goes out: without user info and fragment.
  var text: String {
    let place = isHost ? "host:" : "\(scheme)://\(authority)"
    return place + path + (query.map { "?" + $0 } ?? "")
  }

  /// Appended to the URL's own query, which stays first and unchanged (spec H-2, H-4, Q-10).
  mutating func append(query more: [UInt8]) {
    guard !more.isEmpty else { return }
    let added = String(decoding: more, as: UTF8.self)
    query = if let own = query, !own.isEmpty { own + "&" + added } else { added }
  }

  /// Scheme, host and port: where credentials may go (spec H-6, H-9).
  var origin: String {
    let place = authority.lowercased()
    let standard = scheme == "https" ? ":443" : ":80"
    return scheme + "://"
      + (place.hasSuffix(standard) ? String(place.dropLast(standard.count)) : place)
  }

  /// The value of a Basic `Authorization` header (RFC 7617), nil without user info (spec H-6).
  var basicAuthorization: [UInt8]? {
    userInfo.isEmpty
      ? nil : Array("Basic ".utf8) + Base64.encode(PercentEncoding.decode(userInfo.utf8).octets)
  }
}
