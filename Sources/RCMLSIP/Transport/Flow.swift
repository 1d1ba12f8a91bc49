import RCMLBasics

/// The way one message takes: out of a listener to an address, or over a connection.
enum Flow: Hashable, Sendable {
  case datagram(ListenerID, remote: SocketAddress)
  case stream(ConnectionID, remote: SocketAddress, Transport)

  var transport: Transport {
    switch self {
    case .datagram: .udp
    case .stream(_, _, let transport): transport
    }
  }

  var remote: SocketAddress {
    switch self {
    case .datagram(_, let remote), .stream(_, let remote, _): remote
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
  /// Who the peer proved to be, with commas between his names (spec T-8); empty = he proved nothing.
  var peer: [UInt8] = []

  /// The signalling is secured: nobody else reads it (spec T-7).
  var isSecured: Bool { flow.transport.isSecured }

  /// Our end of media that is described on this way.
  var own: OwnAddress {
    OwnAddress(
      shown: SocketAddress.read(host: HostText.host(ofHostPort: shown)[...], port: 0), local: local)
  }
}
