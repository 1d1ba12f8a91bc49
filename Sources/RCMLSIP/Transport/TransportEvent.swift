import RCMLBasics

/// What the transport tells the layers above.
enum TransportEvent {
  case message(Message, Path, local: SocketAddress)
  /// One that has waited too long for its turn to begin a call (spec Y-9).
  case overdue(Message, Path, local: SocketAddress)
  /// A message that cannot be believed: what may be answered to it.
  case malformed(Malformed, Flow)
  /// A way was found for a request that waited for one; or there is none for the search with this number.
  case found(Search, Path)
  case failed(UInt64, Reason)
  /// An ICMP error: whatever waits for an answer from there has failed (spec T-2, T-6).
  case destinationRefused(SocketAddress, NetworkFailure)
  /// What went out over this connection has failed.
  case connectionLost(ConnectionID, NetworkFailure)
}
