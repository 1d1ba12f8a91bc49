import RCMLBasics

/// `callerId` as it is written (spec U-1, U-68); nil = invalid (U-5).
enum CallerIDText {
  static func read(_ text: String) -> CallerID? {
    guard text.utf8.count <= 128, text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
      return nil
    }
    if text.lowercased() == "anonymous" { return .anonymous }
    if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
      let name = Element.trimmed(String(text[..<open])).filter { $0 != "\"" }
      let uri = String(text[text.index(after: open)...].dropLast())
      if let read = address(uri, name) { return read }
    }
    if text.contains("@"), let read = address(text, "") { return read }
    return .token(number(text) ?? escaped(text))
  }

  /// Parameters and headers removed (U-2).
  private static func address(_ text: String, _ name: String) -> CallerID? {
    let lower = text.lowercased()
    let isComplete = lower.hasPrefix("sip:") || lower.hasPrefix("sips:")
    let uri = SipURIText.read(isComplete ? text : "sip:" + text)
    guard let uri, !uri.host.isEmpty else { return nil }
    let scheme = uri.isSecure ? "sips:" : "sip:"
    let user = uri.user.isEmpty ? "" : uri.user + "@"
    let port = uri.port == 0 ? "" : ":\(uri.port)"
    return .uri(scheme + user + uri.host + port, displayName: name)
  }

  /// A number as people write it, `+1 (500) 555-0006`, without what only parts its digits for the eye (RFC 3966 §3).
  private static func number(_ text: String) -> String? {
    var digits = ""
    for octet in text.utf8 {
      switch octet {
      case _ where octet.isDigit: digits.unicodeScalars.append(Unicode.Scalar(octet))
      case UInt8(ascii: "+") where digits.isEmpty: digits = "+"
      case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("),
        UInt8(ascii: ")"), UInt8(ascii: "/"):
        continue
      default: return nil
      }
    }
    return digits.utf8.contains(where: \.isDigit) ? digits : nil
  }

  /// A name: what a user part may not hold is escaped (RFC 3261 §25.1, U-68).
  private static func escaped(_ text: String) -> String {
    var written = ""
    for octet in text.utf8 {
      if octet.isSIPUnreserved || octet == UInt8(ascii: "+") {
        written.unicodeScalars.append(Unicode.Scalar(octet))
      } else {
        written += "%" + (octet < 16 ? "0" : "") + String(octet, radix: 16, uppercase: true)
      }
    }
    return written
  }
}
