/// URLs in documents (spec G-18): absolute `http:`, `https:` and `host:`, or relative to where the document came from.
struct URLResolver {
  /// The document's URL, else `base_url`; empty = none.
  let base: String

  /// nil = unusable.
  func resolve(_ reference: String) -> String? {
    guard !reference.isEmpty, reference.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
      return nil
    }
    if let scheme = URLResolver.scheme(of: reference) {
      return URLResolver.isUsable(reference, scheme) ? reference : nil
    }
    guard let scheme = URLResolver.scheme(of: base), URLResolver.isUsable(base, scheme) else {
      return nil
    }
    if reference.hasPrefix("//") {
      let whole = scheme + ":" + reference
      return URLResolver.isUsable(whole, scheme) ? whole : nil
    }
    return merge(reference, scheme)
  }

  /// RFC 3986 §5.2.
  private func merge(_ reference: String, _ scheme: String) -> String {
    let plain = base.prefix { $0 != "#" }
    let address = plain.prefix { $0 != "?" }
    var place = address[...]
    var path = ""
    let start = scheme == "host" ? "host:" : scheme + "://"
    let behind = address.dropFirst(start.count)
    if scheme == "host" {
      place = address.prefix(start.count)
      path = String(behind)
    } else {
      let authority = behind.prefix { $0 != "/" }
      place = address.prefix(start.count + authority.count)
      path = String(behind.dropFirst(authority.count))
    }
    let target = reference.prefix { $0 != "?" && $0 != "#" }
    let rest = reference.dropFirst(target.count)
    if target.isEmpty {
      let kept = rest.hasPrefix("#") ? String(plain.dropFirst(address.count)) : ""
      return place + (path.isEmpty ? "/" : path) + kept + rest
    }
    let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
    let merged = target.hasPrefix("/") ? String(target) : "\(folder)/\(target)"
    return place + URLResolver.withoutDotSegments(merged) + rest
  }

  private static func scheme(of text: String) -> String? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let scheme = text[..<colon]
    guard let first = scheme.first, first.isASCII, first.isLetter,
      scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) })
    else { return nil }
    return scheme.lowercased()
  }

  private static func isUsable(_ url: String, _ scheme: String) -> Bool {
    switch scheme {
    case "host": return true
    case "http", "https":
      let rest = url.dropFirst(scheme.count + 1)
      guard rest.hasPrefix("//") else { return false }
      let authority = rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
      return !host.isEmpty && !host.hasPrefix(":")
    default: return false
    }
  }

  /// RFC 3986 §5.2.4.
  private static func withoutDotSegments(_ path: String) -> String {
    var kept: [Substring] = []
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    for (index, segment) in segments.enumerated() {
      let isLast = index == segments.count - 1
      switch segment {
      case ".": if isLast { kept.append("") }
      case "..":
        _ = kept.popLast()
        if isLast { kept.append("") }
      default: kept.append(segment)
      }
    }
    return "/" + kept.joined(separator: "/")
  }
}
