import RCMLBasics

/// Who is at the other end of a connection, as far as it matters whether another message may take it.
struct StreamPeer: Hashable, Sendable {
  var remote: SocketAddress
  var transport: Transport
  /// The domain that was dialled, which the peer had to prove: another domain at the same address is somebody else
  /// (spec T-8). Empty where nothing is proved, or where the peer came to us.
  var domain: [UInt8] = []
}
