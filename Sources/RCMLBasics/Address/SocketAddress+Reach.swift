/// How far an address reaches, and which addresses are one machine's.
extension SocketAddress {
  /// Nobody outside its own network can send to it: private (RFC 1918), link-local (RFC 3927, RFC 4291 §2.5.6), shared
  /// (RFC 6598) or unique local (RFC 4193), the IPv4 ones also as IPv6 writes them (RFC 4291 §2.5.5.2).
  package var isOfInnerNetwork: Bool {
    switch family {
    case .ipv4: SocketAddress.isInner(UInt32(truncatingIfNeeded: low))
    case .ipv6 where high == 0 && low >> 32 == 0xffff:
      SocketAddress.isInner(UInt32(truncatingIfNeeded: low))
    case .ipv6: high >> 57 == 0xfc >> 1 || isLinkLocal
    }
  }

  private static func isInner(_ address: UInt32) -> Bool {
    address >> 24 == 10 || address >> 20 == 0xac1 || address >> 16 == 0xc0a8
      || address >> 16 == 0xa9fe || address >> 22 == 0x6440 >> 6
  }

  /// Another port of the same machine, or the same. Where one of them was read from a text nobody knows its interface.
  package func isHost(of other: SocketAddress) -> Bool {
    low == other.low && high == other.high && family == other.family
      && (scope == other.scope || scope == 0 || other.scope == 0)
  }

  /// With the interface of `other`, where an SDP that names a link-local address cannot say it (RFC 4007 §6).
  package func onInterface(of other: SocketAddress) -> SocketAddress {
    guard isLinkLocal, scope == 0, other.isLinkLocal else { return self }
    var address = self
    address.scope = other.scope
    return address
  }
}
