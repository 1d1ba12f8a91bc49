import RCMLBasics

/// A socket the reactor listens on.
struct Listener: Sendable {
  var id: ListenerID
  var transport: Transport
  var local: SocketAddress
  /// What Via and Contact show; empty while the listener is bound to the wildcard: then the route decides.
  var shown: [UInt8]
}
