/// Octets written as `%` and two hexadecimal digits (RFC 3986 §2.1).
package enum PercentEncoding {
  /// A `%` without two digits behind it stays as it is; `isWhole` tells of it.
  package static func decode<Octets: Collection<UInt8>>(
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

  package static func append(_ octet: UInt8, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "%"))
    text.append(digit(octet >> 4))
    text.append(digit(octet & 15))
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") - 10 + value
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit of either case.
  @inlinable
  package var hexValue: UInt8? {
    if self &- 48 < 10 { return self &- 48 }
    let letter = self | 0x20
    return letter &- 97 < 6 ? letter &- 87 : nil
  }
}
