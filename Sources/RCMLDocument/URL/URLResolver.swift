/// URLs in documents (spec G-18): absolute `http:`, `https:` and `host:`, or relative to where the document came from.
struct URLResolver {
  /// The document's URL, else `base_url`; empty = none.
  private let base: URLReference

  init(base: String) { self.base = URLReference(base) }

  /// nil = unusable. `isSound`: it may be a `file:`, too; which of those are really played is for whoever plays it.
  func resolve(_ text: String, isSound: Bool = false) -> String? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { return nil }
    let reference = URLReference(text)
    if isSound, reference.scheme == "file" { return text }
    if reference.scheme != nil { return URLResolver.isUsable(reference) ? text : nil }
    guard URLResolver.isUsable(base) else { return nil }
    let whole = reference.resolved(against: base)
    return URLResolver.isUsable(URLReference(whole)) ? whole : nil
  }

  private static func isUsable(_ url: URLReference) -> Bool {
    switch url.scheme {
    case "host"?: return true
    case "http"?, "https"?:
      guard let authority = url.authority else { return false }
      let host = authority.utf8.lastIndex(of: UInt8(ascii: "@")).map {
        authority.utf8[authority.utf8.index(after: $0)...]
      }
      let first = (host ?? authority.utf8[...]).first
      return first != nil && first != UInt8(ascii: ":")
    default: return false
    }
  }
}
