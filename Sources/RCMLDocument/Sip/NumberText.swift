import RCMLBasics

/// Telephone numbers as people write them (RFC 3966 §3, spec U-68, D-30).
enum NumberText {
  /// Without what only parts its digits for the eye; nil = it is no number. `allowsKeys`: `*` and `#` are dialled, too.
  static func plain(_ text: some StringProtocol, allowsKeys: Bool = false) -> String? {
    var digits = ""
    var isNumber = false
    for octet in text.utf8 {
      switch octet {
      case _ where octet.isDigit:
        digits.unicodeScalars.append(Unicode.Scalar(octet))
        isNumber = true
      case UInt8(ascii: "+") where digits.isEmpty: digits = "+"
      case UInt8(ascii: "*") where allowsKeys:
        digits += "*"
        isNumber = true
      case UInt8(ascii: "#") where allowsKeys: digits += "%23"
      case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("),
        UInt8(ascii: ")"), UInt8(ascii: "/"):
        continue
      default: return nil
      }
    }
    return isNumber ? digits : nil
  }

  static func isTel(_ text: some StringProtocol) -> Bool {
    text.prefix(4).lowercased() == "tel:"
  }

  /// The user part of a SIP URI for a number, with or without `tel:`, whose parameters are kept (RFC 3261 §19.1.6); nil =
  /// it is none.
  static func user(_ text: some StringProtocol) -> String? {
    let rest = isTel(text) ? String(text.dropFirst(4)) : String(text)
    let number = rest.prefix { $0 != ";" }
    guard let plain = plain(number, allowsKeys: true) else { return nil }
    return plain + rest.dropFirst(number.count)
  }

  /// Whether a host that names a party means a number: a numeric address looks like one, and `tel:` says so.
  static func isCallee(_ text: String) -> Bool {
    guard !isTel(text) else { return true }
    return plain(text, allowsKeys: true) != nil
      && SocketAddress.read(host: Array(text.utf8)[...], port: 0) == nil
  }

  /// A name as the user part of a SIP URI: what may not stand there is escaped (RFC 3261 §25.1, U-68).
  static func escaped(_ text: some StringProtocol) -> String {
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
