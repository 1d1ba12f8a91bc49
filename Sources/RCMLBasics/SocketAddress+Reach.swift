/// How far an address reaches, and which addresses are one machine's.
extension SocketAddress {
  /// Nobody outside its own network can send to it: private (RFC 1918), link-local (RFC 3927, RFC 4291 §2.5.6), shared
  /// (RFC 6598) or unique local (RFC 4193), the IPv4 ones also as IPv6 writes them (RFC 4291 §2.5.5.2).
  package var isOfInnerNetwork: Bool {
    switch family {
    case .ipv4: SocketAddress.isInner(UInt32(truncatingIfNeeded: low))
    case .ipv6 where high == 0 && low >> 32 == 0xffff:
      SocketAddress.isInner(UInt32(truncatingIfNeeded: low))
    case .ipv6: high >> 57 == 0xfc >> 1 || high >> 54 == 0xfe80 >> 6
    }
  }

  private static func isInner(_ address: UInt32) -> Bool {
    address >> 24 == 10 || address >> 20 == 0xac1 || address >> 16 == 0xc0a8
      || address >> 16 == 0xa9fe || address >> 22 == 0x6440 >> 6
  }

  /// Another port of the same machine, or the same.
  package func isHost(of other: SocketAddress) -> Bool {
    low == other.low && high == other.high && family == other.family
  }
}
