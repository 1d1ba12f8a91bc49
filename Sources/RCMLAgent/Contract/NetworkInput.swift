import RCMLBasics

/// What sockets bring. Octets in pointers are lent for the length of the call.
public enum NetworkInput {
  case listening(ListenerID, Transport, local: SocketAddress)
  case listenerClosed(ListenerID)
  /// It takes no more calls; `closeListener` follows when those it has are over (spec Q-36).
  case listenerLeaves(ListenerID)
  /// Behind a NAT: the `host:port` under which it is known outside. Right behind `listening`.
  case listenerShown(ListenerID, as: [UInt8])
  /// `local` is the address the datagram was sent to, also when the listener is bound to the wildcard.
  case datagram(
    ListenerID, from: SocketAddress, local: SocketAddress, bytes: UnsafeRawBufferPointer)
  /// One that `NetworkInput.mayWait` said may wait, and that has waited too long: an INVITE that would begin a call is refused
  /// for it, and everything else is what it always is (spec Y-9).
  case datagramOverdue(
    ListenerID, from: SocketAddress, local: SocketAddress, bytes: UnsafeRawBufferPointer)
  /// An ICMP error, or the system's own word, for something we sent.
  case datagramRefused(ListenerID, to: SocketAddress, NetworkFailure)
  case streamAccepted(ConnectionID, ListenerID, local: SocketAddress, remote: SocketAddress)
  /// Behind `streamAccepted` or before `streamConnected`: the stream is secured, and the peer proved to have these names, with
  /// commas between them; empty = it proved nothing (spec T-8).
  case streamSecured(ConnectionID, peer: [UInt8])
  case streamConnected(ConnectionID, local: SocketAddress)
  case streamFailed(ConnectionID, NetworkFailure)
  case streamBytes(ConnectionID, bytes: UnsafeRawBufferPointer)
  case streamClosed(ConnectionID)
  /// Which address of ours a packet to `to` leaves from; the answer to `findRoute`.
  case routeFound(to: SocketAddress, local: SocketAddress)
}
