/// How far an address reaches, and which addresses are one machine's.
extension SocketAddress {
  /// Nobody outside its own network can send to it: private (RFC 1918), link-local (RFC 3927, RFC 4291 §2.5.6), shared
  /// (RFC 6598) or unique local (RFC 4193), the IPv4 ones also as IPv6 writes them (RFC 4291 §2.5.5.2).
  public var isOfInnerNetwork: Bool { innerNetwork != nil }

  /// Both are of one such block: machines of one network, as far as anybody can tell from outside.
  public func sharesInnerNetwork(with other: SocketAddress) -> Bool {
    innerNetwork.map { $0 == other.innerNetwork } ?? false
  }

  private enum InnerNetwork { case ten, seventeenTwo, nineteenTwo, linkLocal, shared, unique, link }

  private var innerNetwork: InnerNetwork? {
    switch family {
    case .ipv4: SocketAddress.innerNetwork(of: UInt32(truncatingIfNeeded: low))
    case .ipv6 where high == 0 && low >> 32 == 0xffff:
      SocketAddress.innerNetwork(of: UInt32(truncatingIfNeeded: low))
    case .ipv6: high >> 57 == 0xfc >> 1 ? .unique : isLinkLocal ? .link : nil
    }
  }

  private static func innerNetwork(of address: UInt32) -> InnerNetwork? {
    if address >> 24 == 10 { return .ten }
    if address >> 20 == 0xac1 { return .seventeenTwo }
    if address >> 16 == 0xc0a8 { return .nineteenTwo }
    if address >> 16 == 0xa9fe { return .linkLocal }
    return address >> 22 == 0x6440 >> 6 ? .shared : nil
  }

  /// 127.0.0.0/8 (RFC 1122 §3.2.1.3) or ::1 (RFC 4291 §2.5.3).
  public var isLoopback: Bool {
    family == .ipv4 ? low >> 24 == 127 : high == 0 && (low == 1 || low >> 24 == 0xffff_7f)
  }

  /// Another port of the same machine, or the same. Where one of them was read from a text nobody knows its interface.
  public func isHost(of other: SocketAddress) -> Bool {
    low == other.low && high == other.high && family == other.family
      && (scope == other.scope || scope == 0 || other.scope == 0)
  }

  /// With the interface of `other`, where an SDP that names a link-local address cannot say it (RFC 4007 §6).
  public func onInterface(of other: SocketAddress) -> SocketAddress {
    guard isLinkLocal, scope == 0, other.isLinkLocal else { return self }
    var address = self
    address.scope = other.scope
    return address
  }
}
