import RCMLBasics

/// What stands where a host stands: a name, an IPv4 address, or an IPv6 address in brackets (RFC 3261 §25.1,
/// RFC 5118). libosip2 takes an address without brackets for a name with a port, so this is looked at first.
enum HostText {
  /// `[…]` around a well-formed IPv6 address?
  static func isReference(_ octets: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    guard range.count > 2 else { return false }
    return address(octets, range.lowerBound + 1..<range.upperBound - 1)?.family == .ipv6
  }

  /// The host of `host:port`, without the brackets of a reference.
  static func host(ofHostPort text: [UInt8]) -> [UInt8] {
    if text.first == UInt8(ascii: "[") {
      return Array(text.dropFirst().prefix { $0 != UInt8(ascii: "]") })
    }
    return Array(text.prefix { $0 != UInt8(ascii: ":") })
  }

  /// An address without brackets, port 0. Three colons before an embedded IPv4 address are a slip of the
  /// RFC 3261 grammar that peers follow: they mean two (RFC 5118 §4.10).
  static func address(_ octets: UnsafeRawBufferPointer, _ range: Range<Int>) -> SocketAddress? {
    guard range.count <= 64 else { return nil }
    if let address = plainIPv4(octets, range) { return address }
    var text = Array(octets[range])
    if let third = tripleColon(text) { text.remove(at: third) }
    return SocketAddress.read(host: text[...], port: 0)
  }

  /// Four numbers below 256 without a leading zero, read where they stand; nil = something else.
  private static func plainIPv4(
    _ octets: UnsafeRawBufferPointer, _ range: Range<Int>
  ) -> SocketAddress? {
    var address: UInt32 = 0
    var position = range.lowerBound
    for part in 0..<4 {
      if part > 0 {
        guard position < range.upperBound, octets[position] == UInt8(ascii: ".") else { return nil }
        position += 1
      }
      let start = position
      while position < range.upperBound, octets[position].isDigit { position += 1 }
      guard let number = octets.number(start..<position), number < 256,
        position == start + 1 || octets[start] != UInt8(ascii: "0")
      else { return nil }
      address = address << 8 | UInt32(number)
    }
    return position == range.upperBound ? SocketAddress(ipv4: address, port: 0) : nil
  }

  private static func tripleColon(_ text: [UInt8]) -> Int? {
    let colon = UInt8(ascii: ":")
    guard text.contains(UInt8(ascii: ".")), text.count >= 3 else { return nil }
    return (2..<text.count).first {
      text[$0] == colon && text[$0 - 1] == colon && text[$0 - 2] == colon
    }
  }
}
