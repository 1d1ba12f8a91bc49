import RCMLBasics

/// Where a packet that has just been read goes on to; its octets were changed in place.
package struct Forward: Hashable, Sendable {
  /// The stream's sockets it leaves from.
  package var slot: Int
  package var to: SocketAddress
  package var count: Int
}
