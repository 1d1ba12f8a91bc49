import RCMLBasics

/// A URL or a relative reference, taken apart (RFC 3986 §3, appendix B).
struct URLReference {
  /// Lower case; nil = relative.
  var scheme: String?
  /// Behind `//`.
  var authority: Substring?
  var path: Substring
  /// With its `?`.
  var query: Substring?
  /// With its `#`.
  var fragment: Substring?

  init(_ text: String) {
    // Octets, not characters: every mark is ASCII, and a running call reads many URLs.
    var rest = text[...]
    if let colon = rest.utf8.firstIndex(where: URLReference.endsScheme), text.utf8[colon] == 58,
      URLReference.isScheme(rest[..<colon])
    {
      scheme = rest[..<colon].lowercased()
      rest = rest[rest.utf8.index(after: colon)...]
    }
    if let mark = rest.utf8.firstIndex(of: UInt8(ascii: "#")) {
      fragment = rest[mark...]
      rest = rest[..<mark]
    }
    if let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) {
      query = rest[mark...]
      rest = rest[..<mark]
    }
    if rest.utf8.starts(with: [47, 47]) {
      let behind = rest[rest.utf8.index(rest.startIndex, offsetBy: 2)...]
      let end = behind.utf8.firstIndex(of: UInt8(ascii: "/")) ?? behind.endIndex
      authority = behind[..<end]
      rest = behind[end...]
    }
    path = rest
  }

  /// RFC 3986 §5.2.2 and §5.3, for a base that is absolute and a reference that is not.
  func resolved(against base: URLReference) -> String {
    let place = authority ?? base.authority
    let target: String
    var asked = query
    if authority != nil {
      target = URLReference.withoutDotSegments(String(path))
    } else if path.isEmpty {
      target = String(base.path)
      asked = query ?? base.query
    } else {
      target = URLReference.withoutDotSegments(path.hasPrefix("/") ? String(path) : merged(base))
    }
    return (base.scheme ?? "") + ":" + (place.map { "//" + $0 } ?? "") + target
      + (asked ?? "") + (fragment ?? "")
  }

  /// RFC 3986 §5.2.3.
  private func merged(_ base: URLReference) -> String {
    if base.authority != nil, base.path.isEmpty { return "/" + path }
    guard let slash = base.path.lastIndex(of: "/") else { return String(path) }
    return String(base.path[...slash] + path)
  }

  /// RFC 3986 §5.2.4, segment by segment. A path that began without a slash (`host:doc/a`) stays one.
  private static func withoutDotSegments(_ path: String) -> String {
    let isRooted = path.hasPrefix("/")
    var kept: [Substring] = []
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
      .dropFirst(isRooted ? 1 : 0)
    for segment in segments {
      switch segment {
      case ".": break
      case "..": _ = kept.popLast()
      default: kept.append(segment)
      }
    }
    if let last = segments.last, last == "." || last == ".." { kept.append("") }
    return (isRooted ? "/" : "") + kept.joined(separator: "/")
  }

  private static func endsScheme(_ octet: UInt8) -> Bool {
    octet == UInt8(ascii: ":") || octet == UInt8(ascii: "/") || octet == UInt8(ascii: "?")
      || octet == UInt8(ascii: "#")
  }

  private static func isScheme(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, first.isLetter else { return false }
    return text.utf8.allSatisfy {
      $0.isAlphanumeric || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
        || $0 == UInt8(ascii: ".")
    }
  }
}
