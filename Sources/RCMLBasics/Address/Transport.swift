/// How SIP octets travel (spec T-1).
public enum Transport: UInt8, Hashable, Sendable {
  case udp
  case tcp
  /// TLS over TCP (spec T-7).
  case tls

  public var isReliable: Bool { self != .udp }
  /// Nobody between us and the peer reads or changes what is said.
  public var isSecured: Bool { self == .tls }
  /// RFC 3261 §18.2.1.
  public var defaultPort: UInt16 { self == .tls ? 5061 : 5060 }

  /// As a listener or the URI parameter names it.
  public var name: StaticString {
    switch self {
    case .udp: "udp"
    case .tcp: "tcp"
    case .tls: "tls"
    }
  }
}
