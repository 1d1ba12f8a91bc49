/// RFC 4648 §4, with padding.
public enum Base64 {
  public static func encode(_ octets: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((octets.count + 2) / 3 * 4)
    var index = 0
    while index < octets.count {
      let first = octets[index]
      let second = index + 1 < octets.count ? octets[index + 1] : nil
      let third = index + 2 < octets.count ? octets[index + 2] : nil
      text.append(digit(first >> 2))
      text.append(digit((first & 3) << 4 | (second ?? 0) >> 4))
      text.append(second == nil ? padding : digit(((second ?? 0) & 15) << 2 | (third ?? 0) >> 6))
      text.append(third.map { digit($0 & 63) } ?? padding)
      index += 3
    }
    return text
  }

  /// With or without padding; nil: it is none.
  public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var digits = Array(text)
    while digits.last == padding, digits.count > text.count - 2 { digits.removeLast() }
    guard digits.count % 4 != 1, digits.count == text.count || text.count % 4 == 0 else {
      return nil
    }
    var octets: [UInt8] = []
    octets.reserveCapacity(digits.count * 3 / 4)
    var held: UInt32 = 0
    var bits = 0
    for digit in digits {
      guard let value = value(digit) else { return nil }
      held = held << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        octets.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
      }
    }
    return octets
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  private static let padding = UInt8(ascii: "=")

  private static func digit(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + value - 26
    case 52..<62: UInt8(ascii: "0") + value - 52
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }
}
