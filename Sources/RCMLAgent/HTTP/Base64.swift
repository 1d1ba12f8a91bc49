/// RFC 4648 §4, with padding.
enum Base64 {
  static func encode(_ octets: [UInt8]) -> [UInt8] {
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
