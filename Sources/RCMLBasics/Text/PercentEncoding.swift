/// Octets written as `%` and two hexadecimal digits (RFC 3986 §2.1).
public enum PercentEncoding {
  /// A `%` without two digits behind it stays as it is; `isWhole` tells of it.
  public static func decode<Octets: Collection<UInt8>>(
    _ text: Octets
  ) -> (octets: [UInt8], isWhole: Bool) {
    var decoded: [UInt8] = []
    var isWhole = true
    var rest = text[...]
    while let octet = rest.popFirst() {
      guard octet == UInt8(ascii: "%") else {
        decoded.append(octet)
        continue
      }
      let digits = rest.prefix(2).compactMap(\.hexValue)
      if digits.count == 2 {
        decoded.append(digits[0] << 4 | digits[1])
        rest = rest.dropFirst(2)
      } else {
        isWhole = false
        decoded.append(octet)
      }
    }
    return (decoded, isWhole)
  }

  public static func append(_ octet: UInt8, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "%"))
    text.append(digit(octet >> 4))
    text.append(digit(octet & 15))
  }

  /// As a form has it (`application/x-www-form-urlencoded` of the URL standard): a space is `+`, letters, digits and `*-._`
  /// stay.
  public static func appendForm(_ octet: UInt8, to form: inout [UInt8]) {
    switch octet {
    case UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      form.append(octet)
    case UInt8(ascii: " "):
      form.append(UInt8(ascii: "+"))
    default:
      if octet.isAlphanumeric { form.append(octet) } else { append(octet, to: &form) }
    }
  }

  /// As a URL is sent: what is beyond ASCII as its octets in UTF-8 (RFC 3987 §3.1); what is encoded already stays as it is.
  public static func ascii(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    var octets: [UInt8] = []
    octets.reserveCapacity(text.utf8.count * 3)
    for octet in text.utf8 {
      if octet < 0x80 { octets.append(octet) } else { append(octet, to: &octets) }
    }
    return String(decoding: octets, as: UTF8.self)
  }

  /// Whether nothing but ASCII stands in it, encoded or not.
  public static func isASCII(_ text: some Collection<UInt8>) -> Bool {
    // Hardly anything is encoded.
    if text.contains(UInt8(ascii: "%")) { return decode(text).octets.allSatisfy { $0 < 0x80 } }
    return text.allSatisfy { $0 < 0x80 }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") - 10 + value
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit of either case.
  @inlinable
  public var hexValue: UInt8? {
    if self &- 48 < 10 { return self &- 48 }
    let letter = self | 0x20
    return letter &- 97 < 6 ? letter &- 87 : nil
  }
}
