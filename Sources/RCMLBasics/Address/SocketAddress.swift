/// An IPv4 or IPv6 address with its port, as a key: no text, no allocation.
public struct SocketAddress: Hashable, Sendable {
  public enum Family: UInt8, Sendable { case ipv4, ipv6 }

  public var family: Family
  /// The address in network order, as two numbers; IPv4 stands in the low 32 bits of `low`.
  public var high: UInt64
  public var low: UInt64
  public var port: UInt16
  /// The number of the interface that an address of fe80::/10 belongs to: the same address may be somebody else's on
  /// another one (RFC 4007 §6). 0 = none; what is read from a text has none.
  public var scope: UInt32 = 0

  public init(ipv4 address: UInt32, port: UInt16) {
    family = .ipv4
    high = 0
    low = UInt64(address)
    self.port = port
  }

  public init(ipv6High: UInt64, low: UInt64, port: UInt16, scope: UInt32 = 0) {
    family = .ipv6
    high = ipv6High
    self.low = low
    self.port = port
    self.scope = scope
  }

  /// fe80::/10 (RFC 4291 §2.5.6).
  @inlinable
  public var isLinkLocal: Bool { family == .ipv6 && high >> 54 == 0x3fa }

  /// 0.0.0.0 or [::]: every address of the machine, so none to be shown to a peer.
  public var isWildcard: Bool { high == 0 && low == 0 }
}
