import RCMLBasics

/// Where a packet that has just been read goes on to; its octets were changed in place.
public struct Forward: Hashable, Sendable {
  /// The stream's sockets it leaves from.
  public var slot: Int
  public var to: SocketAddress
  public var count: Int
}
