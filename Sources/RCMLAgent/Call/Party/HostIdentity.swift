import RCMLBasics
import RCMLDial
import RCMLDocument

/// Names of parties as a PBX has them: a URI, or a number, an extension or a name, however a carrier writes it (spec Q-31).
enum HostIdentity {
  static let nameLimit = 64

  /// Nil: it cannot be read, for it has control characters, is too long, or is a URI that is none. Empty = withheld
  /// (RFC 3323 §4.1.1.3).
  static func address(
    _ text: String, domain: String, settings: Settings
  ) -> CallerAddress? {
    if text.isEmpty { return CallerAddress(Array("sip:anonymous@anonymous.invalid".utf8)) }
    if isToken(text) { return CallerAddress(Array("sip:\(text)@\(domain)".utf8)) }
    if text.lowercased().hasPrefix("tel:"), isToken(text.dropFirst(4)) {
      return CallerAddress(Array("tel:\(text.dropFirst(4))".utf8))
    }
    // Read as a document's target would be, so that nothing in it can become another header (failures P9).
    // A number is who calls, and not whom `number_uri` would dial (D-30).
    var settings = settings
    settings.numberURI = ""
    if text.contains("@") || hasScheme(text),
      case .success(let party) = PartyText.read(text, from: "", settings: settings)
    {
      return CallerAddress(Array(party.noun.requestURI.utf8))
    }
    guard !hasScheme(text), let user = user(text) else { return nil }
    return CallerAddress(Array("sip:\(user)@\(domain)".utf8))
  }

  private static func hasScheme(_ text: String) -> Bool {
    let lower = text.lowercased()
    return ["sip:", "sips:", "tel:"].contains { lower.hasPrefix($0) }
  }

  /// As the user part of a SIP URI: what may not stand there is escaped (RFC 3261 §25.1, §19.1.2).
  private static func user(_ text: String) -> String? {
    guard text.utf8.count <= nameLimit, text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
      return nil
    }
    var octets: [UInt8] = []
    for octet in text.utf8 {
      // `;`, `?`, `/` and `&` may stand there, and are read otherwise by many.
      if octet.isSIPUnreserved || "+$,=".utf8.contains(octet) {
        octets.append(octet)
      } else {
        PercentEncoding.append(octet, to: &octets)
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }

  /// What is shown of a display name.
  static func name(_ text: String) -> String {
    String(decoding: text.utf8.filter { $0 >= 32 && $0 != 127 }.prefix(nameLimit), as: UTF8.self)
  }

  private static func isToken(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.count <= nameLimit
      && text.utf8.allSatisfy { octet in
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "+-_.*#".utf8.contains(octet)
        }
      }
  }
}
