import RCMLBasics

/// Addresses as people write them.
enum AddressText {
  /// `udp:127.0.0.1:5060`, `tcp:[::1]:5060` (spec Q-4).
  static func listener(_ transport: Transport, _ address: SocketAddress) -> String {
    switch transport {
    case .udp: "udp:" + hostAndPort(address)
    case .tcp: "tcp:" + hostAndPort(address)
    }
  }

  static func hostAndPort(_ address: SocketAddress) -> String {
    String(decoding: address.hostPortText, as: UTF8.self)
  }
}
