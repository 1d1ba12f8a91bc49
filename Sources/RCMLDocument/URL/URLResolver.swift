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

  /// RFC 3986 §5.2.2 and §5.2.3, for a reference without scheme and authority.
  private func merge(_ reference: String, _ scheme: String) -> String {
    let plain = base.prefix { $0 != "#" }
    let address = plain.prefix { $0 != "?" }
    var place = address.prefix(scheme.utf8.count + 1)
    let behind = address.dropFirst(place.count)
    if behind.hasPrefix("//") {
      place = address.prefix(place.count + 2 + behind.dropFirst(2).prefix { $0 != "/" }.count)
    }
    let path = address.dropFirst(place.count)
    let target = reference.prefix { $0 != "?" && $0 != "#" }
    let rest = reference.dropFirst(target.count)
    if target.isEmpty {
      let query = rest.hasPrefix("?") ? "" : String(plain.dropFirst(address.count))
      return place + path + query + rest
    }
    if target.hasPrefix("/") { return place + URLResolver.withoutDotSegments(target) + rest }
    let hasAuthority = place.count > scheme.utf8.count + 1
    let folder =
      path.isEmpty && hasAuthority
      ? "/"
      : String(path[..<(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)])
    return place + URLResolver.withoutDotSegments(Substring(folder + target)) + rest
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
  private static func withoutDotSegments(_ path: Substring) -> String {
    let isAbsolute = path.hasPrefix("/")
    var kept: [Substring] = []
    let segments = path.dropFirst(isAbsolute ? 1 : 0)
      .split(separator: "/", omittingEmptySubsequences: false)
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
    return (isAbsolute ? "/" : "") + kept.joined(separator: "/")
  }
}
