import RCMLBasics

/// A SIP message of a journal with everything a packet needs.
public struct WireMessage {
  /// Since the journal began.
  public var elapsed: Interval
  /// 0 = the journal does not know the calendar yet.
  public var unixMicroseconds: Int64
  public var isSent: Bool
  public var transport: Transport
  public var local: SocketAddress
  public var peer: SocketAddress
  /// Nil = a datagram.
  public var connection: ConnectionID?
  public var sid: CallSid?
  public var bytes: [UInt8]
}
