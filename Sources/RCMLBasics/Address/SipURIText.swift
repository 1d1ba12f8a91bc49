/// The address part of a target (spec S-1, S-2): taken apart and checked by the grammar of RFC 3261 §25.1.
public struct SipURIText {
  public private(set) var isSecure = false
  /// Percent-encoded where that was unambiguous.
  public private(set) var user = ""
  public private(set) var host = ""
  public private(set) var port: UInt16 = 0
  /// Name and value as written; value nil = none.
  public private(set) var parameters: [(name: String, value: String?)] = []

  /// Of the parameter `transport`, in lower case; nil = there is none (spec T-1).
  public var transport: String? {
    parameters.first { $0.name.lowercased() == "transport" }.map { ($0.value ?? "").lowercased() }
  }

  /// Over a transport that is built in; `sips:` goes over TLS alone, which is over TCP (RFC 5630 §3.1.3).
  public var canBeSent: Bool {
    switch transport {
    case nil, "tcp", "tls": true
    case "udp": !isSecure
    default: false
    }
  }

  /// Whether a text names its scheme, in whatever case.
  public static func hasScheme(_ text: String) -> Bool {
    let head = text.prefix(5).lowercased()
    return head.hasPrefix("sip:") || head == "sips:"
  }

  /// Format characters, blanks of other scripts and controls beyond ASCII (Unicode general categories Cf, Zs, Cc): nobody
  /// sees them, and nobody has them in his address.
  public static func hasInvisible(_ text: String) -> Bool {
    text.unicodeScalars.contains {
      switch $0.value {
      case 0x80...0xa0, 0xad, 0x600...0x605, 0x61c, 0x180e, 0x2000...0x200f, 0x2028...0x202f,
        0x205f...0x206f, 0x3000, 0xfeff, 0xfff9...0xfffb, 0xe0000...0xe007f:
        true
      default: false
      }
    }
  }

  /// nil = not one that can be dialled.
  public static func read(_ text: String) -> SipURIText? {
    guard !hasInvisible(text) else { return nil }
    var uri = SipURIText()
    var rest = Substring(text)
    if hasScheme(text) {
      uri.isSecure = text.prefix(5).lowercased() == "sips:"
      rest = rest.dropFirst(uri.isSecure ? 5 : 4)
    }
    if let at = rest.lastIndex(of: "@") {
      guard let user = encodedUser(rest[..<at]) else { return nil }
      uri.user = user
      rest = rest[rest.index(after: at)...]
    }
    let pieces = rest.split(separator: ";", omittingEmptySubsequences: false)
    guard let place = pieces.first, uri.take(place: place) else { return nil }
    for piece in pieces.dropFirst() {
      let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.allSatisfy({ isParameter($0) }) else { return nil }
      uri.parameters.append((String(parts[0]), parts.count > 1 ? String(parts[1]) : nil))
    }
    return uri
  }

  private mutating func take(place: Substring) -> Bool {
    var host = place
    var behind = place[place.endIndex...]
    if place.hasPrefix("[") {
      guard let close = place.firstIndex(of: "]") else { return false }
      host = place[...close]
      behind = place[place.index(after: close)...]
    } else if let colon = place.firstIndex(of: ":") {
      host = place[..<colon]
      behind = place[colon...]
    }
    guard TargetHost.isHost(host) else { return false }
    self.host = String(host)
    guard !behind.isEmpty else { return true }
    let digits = behind.dropFirst()
    guard behind.hasPrefix(":"), digits.utf8.allSatisfy(\.isDigit),
      let port = UInt16(digits), port > 0
    else { return false }
    self.port = port
    return true
  }

  /// `user [ ":" password ]`; letters beyond ASCII are percent-encoded (S-2).
  private static func encodedUser(_ text: Substring) -> String? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let user = parts.first, !user.isEmpty,
      let encoded = encoded(user, also: "&=+$,;?/")
    else { return nil }
    guard parts.count > 1 else { return encoded }
    return self.encoded(parts[1], also: "&=+$,").map { encoded + ":" + $0 }
  }

  private static func encoded(_ text: Substring, also marks: StaticString) -> String? {
    guard areEscapesWhole(text) else { return nil }
    var written = ""
    for octet in text.utf8 {
      if octet >= 128 {
        written += "%" + String(octet, radix: 16, uppercase: true)
      } else {
        guard octet.isSIPUnreserved || octet == UInt8(ascii: "%") || contains(marks, octet) else {
          return nil
        }
        written.unicodeScalars.append(Unicode.Scalar(octet))
      }
    }
    return written
  }

  /// `1*paramchar`.
  private static func isParameter(_ text: Substring) -> Bool {
    !text.isEmpty && areEscapesWhole(text)
      && text.utf8.allSatisfy {
        $0.isSIPUnreserved || $0 == UInt8(ascii: "%") || contains("[]/:&+$", $0)
      }
  }

  /// Every `%` is followed by two hexadecimal digits.
  private static func areEscapesWhole(_ text: Substring) -> Bool {
    var missing = 0
    for octet in text.utf8 {
      if missing > 0 {
        guard octet.hexValue != nil else { return false }
        missing -= 1
      } else if octet == UInt8(ascii: "%") {
        missing = 2
      }
    }
    return missing == 0
  }

  private static func contains(_ marks: StaticString, _ octet: UInt8) -> Bool {
    marks.withUTF8Buffer { $0.contains(octet) }
  }
}
