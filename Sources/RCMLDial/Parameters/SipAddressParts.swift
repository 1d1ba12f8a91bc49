/// User and host of a SIP URI as text, for showing only: no password, no parameters, no headers (spec P-4).
public struct SipAddressParts: Hashable, Sendable {
  public var user = ""
  public var hostAndPort = ""

  public init(_ uri: String) {
    var rest = SipAddressParts.withoutScheme(uri)
    if let at = rest.lastIndex(of: "@") {
      user = String(rest[..<at].prefix { $0 != ":" })
      rest = rest[rest.index(after: at)...]
    }
    hostAndPort = String(rest.prefix { $0 != ";" && $0 != "?" })
  }

  /// The whole URI but for `:password` in its user part (A-8).
  public static func withoutPassword(_ uri: String) -> String {
    guard let at = uri.lastIndex(of: "@") else { return uri }
    let start = withoutScheme(uri).startIndex
    guard start < at, let colon = uri[start..<at].firstIndex(of: ":") else { return uri }
    return String(uri[..<colon] + uri[at...])
  }

  /// What nobody can dial, as it is written, but for line breaks, and for what may be a password behind a user (A-8).
  public static func shownAsWritten(_ text: String) -> String {
    let line = text.split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
    let rest = withoutScheme(line)
    guard let mark = rest.firstIndex(where: { $0 == ":" || $0 == "@" }), rest[mark] == ":",
      !rest[..<mark].contains(where: { $0 == " " || $0 == "<" || $0 == "\"" }),
      let at = rest.lastIndex(of: "@"), mark < at
    else { return line }
    return String(line[..<mark] + line[at...])
  }

  private static func withoutScheme(_ uri: String) -> Substring {
    let head = uri.prefix(5).lowercased()
    return uri.dropFirst(head.hasPrefix("sip:") ? 4 : head == "sips:" ? 5 : 0)
  }
}
