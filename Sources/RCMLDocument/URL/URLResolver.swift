/// URLs in documents (spec G-18): absolute `http:`, `https:` and `host:`, or relative to where the document came from.
struct URLResolver {
  /// The document's URL, else `base_url`; empty = none.
  let base: String

  /// nil = unusable.
  func resolve(_ text: String) -> String? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { return nil }
    let reference = URLReference(text)
    if reference.scheme != nil { return URLResolver.isUsable(reference) ? text : nil }
    let base = URLReference(base)
    guard URLResolver.isUsable(base) else { return nil }
    let whole = reference.resolved(against: base)
    return URLResolver.isUsable(URLReference(whole)) ? whole : nil
  }

  private static func isUsable(_ url: URLReference) -> Bool {
    switch url.scheme {
    case "host"?: return true
    case "http"?, "https"?:
      guard let authority = url.authority else { return false }
      let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
      return !host.isEmpty && !host.hasPrefix(":")
    default: return false
    }
  }
}
