import RCMLBasics

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
    if reference.scheme != nil {
      return URLResolver.isUsable(reference) ? URLResolver.written(text, reference) : nil
    }
    guard URLResolver.isUsable(base) else { return nil }
    let whole = reference.resolved(against: base)
    let resolved = URLReference(whole)
    return URLResolver.isUsable(resolved) ? URLResolver.written(whole, resolved) : nil
  }

  /// H-32: as it is asked, characters beyond ASCII percent-encoded as UTF-8 (RFC 3987 §3.1). A `host:` URL never leaves
  /// this process.
  private static func written(_ text: String, _ reference: URLReference) -> String {
    reference.scheme == "host" ? text : PercentEncoding.ascii(text)
  }

  /// The document's own URL, asked again (spec V-23); nil = it has none.
  var own: String? {
    URLResolver.isUsable(base) ? URLReference("").resolved(against: base) : nil
  }

  /// A relative reference, and nothing it could count from.
  func wantsBase(_ text: String) -> Bool {
    let reference = URLReference(text)
    return reference.scheme == nil && !URLResolver.isUsable(base)
      && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
  }

  /// Why a text cannot be resolved: the end of a sentence.
  func problem(_ text: String, isSound: Bool) -> String {
    if text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) {
      return "has a blank in its URL; write %20 there."
    }
    let reference = URLReference(text)
    if let host = URLResolver.host(of: reference), !PercentEncoding.isASCII(host) {
      return "names a host that is not ASCII; write it in its xn-- form."
    }
    if reference.scheme == nil {
      return "is relative, and the document has no URL to count from; set base_url."
    }
    return "is no URL that can be asked; write http:, https: or host:"
      + (isSound ? ", or file: below the folder of sounds." : ".")
  }

  private static func isUsable(_ url: URLReference) -> Bool {
    switch url.scheme {
    case "host"?: return true
    case "http"?, "https"?:
      guard let host = host(of: url) else { return false }
      // H-32: who the host is must not depend on how its name is converted.
      return PercentEncoding.isASCII(host) && host.first.map { $0 != UInt8(ascii: ":") } ?? false
    default: return false
    }
  }

  /// With its port, without user info.
  private static func host(of url: URLReference) -> Substring.UTF8View? {
    guard let authority = url.authority?.utf8 else { return nil }
    return authority.lastIndex(of: UInt8(ascii: "@")).map {
      authority[authority.index(after: $0)...]
    } ?? authority
  }
}
