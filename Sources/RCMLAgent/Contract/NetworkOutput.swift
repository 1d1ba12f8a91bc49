import RCMLBasics

/// What the core wants of sockets.
public enum NetworkOutput: Equatable, Sendable {
  case send(ListenerID, to: SocketAddress, bytes: [UInt8])
  case openStream(ConnectionID, to: SocketAddress)
  /// TLS, with whoever proves to be that domain; answered by `streamSecured` and `streamConnected` (spec T-8).
  case openSecured(ConnectionID, to: SocketAddress, domain: [UInt8])
  case sendStream(ConnectionID, bytes: [UInt8])
  case closeStream(ConnectionID)
  /// Answered by `listenerClosed`.
  case closeListener(ListenerID)
  /// Which local address would a packet to `to` leave from? Answered by `routeFound`.
  case findRoute(to: SocketAddress)
}
