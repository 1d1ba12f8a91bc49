import RCMLBasics

/// A key carried by INFO (spec U-25): `application/dtmf-relay` with `Signal=`, or `application/dtmf` with the key
/// alone.
public enum InfoKey {
  /// One of 0-9 * # A-D; nil when it is something else.
  public static func read(_ body: [UInt8], contentType: [UInt8]) -> UInt8? {
    let type = String(decoding: contentType.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
    switch type.lowercased().filter({ $0 != " " }) {
    case "application/dtmf-relay":
      for line in body.split(whereSeparator: { $0 == 13 || $0 == 10 }) {
        let parts = line.split(separator: UInt8(ascii: "="), maxSplits: 1)
        guard parts.count == 2,
          String(decoding: parts[0], as: UTF8.self).lowercased().filter({ $0 != " " }) == "signal"
        else { continue }
        return key(parts[1])
      }
      return nil
    case "application/dtmf":
      return key(body[...])
    default:
      return nil
    }
  }

  /// Numbers 10 to 16 are the event codes of RFC 4733 that some phones write for * # A-D.
  private static func key(_ text: ArraySlice<UInt8>) -> UInt8? {
    let trimmed = text.filter { $0 > 32 }
    switch String(decoding: trimmed, as: UTF8.self) {
    case "10": return UInt8(ascii: "*")
    case "11": return UInt8(ascii: "#")
    case "12", "13", "14", "15": return UInt8(ascii: "A") + (trimmed[1] - UInt8(ascii: "2"))
    default: break
    }
    guard trimmed.count == 1, let octet = trimmed.first else { return nil }
    let upper = octet >= 97 && octet <= 122 ? octet & 0xdf : octet
    return TelephoneKey.isKey(upper) ? upper : nil
  }
}
