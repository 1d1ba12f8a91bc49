/// An IPv4 or IPv6 address with its port, as a key: no text, no allocation.
package struct SocketAddress: Hashable, Sendable {
  package enum Family: UInt8, Sendable { case ipv4, ipv6 }

  package var family: Family
  /// The address in network order, as two numbers; IPv4 stands in the low 32 bits of `low`.
  package var high: UInt64
  package var low: UInt64
  package var port: UInt16

  package init(ipv4 address: UInt32, port: UInt16) {
    family = .ipv4
    high = 0
    low = UInt64(address)
    self.port = port
  }

  package init(ipv6High: UInt64, low: UInt64, port: UInt16) {
    family = .ipv6
    high = ipv6High
    self.low = low
    self.port = port
  }

  /// 0.0.0.0 or [::]: every address of the machine, so none to be shown to a peer.
  package var isWildcard: Bool { high == 0 && low == 0 }
}
