import RCMLBasics

/// The way one message takes: out of a listener to an address, or over a connection.
enum Flow: Hashable, Sendable {
  case datagram(ListenerID, remote: SocketAddress)
  case stream(ConnectionID, remote: SocketAddress)

  var transport: Transport {
    switch self {
    case .datagram: .udp
    case .stream: .tcp
    }
  }

  var remote: SocketAddress {
    switch self {
    case .datagram(_, let remote), .stream(_, let remote): remote
    }
  }
}

/// A flow, and the address that Via and Contact show on it.
struct Path: Hashable, Sendable {
  var flow: Flow
  /// `host:port`.
  var shown: [UInt8]
  /// The address of this machine that it goes by; a wildcard = nobody knows.
  var local: SocketAddress

  /// Our end of media that is described on this way.
  var own: OwnAddress {
    OwnAddress(
      shown: SocketAddress.read(host: HostText.host(ofHostPort: shown)[...], port: 0), local: local)
  }
}
