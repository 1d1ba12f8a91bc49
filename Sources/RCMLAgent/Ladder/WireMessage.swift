import RCMLBasics

/// A SIP message of a journal with everything a packet needs.
package struct WireMessage {
  /// Since the journal began.
  package var elapsed: Interval
  /// 0 = the journal does not know the calendar yet.
  package var unixMicroseconds: Int64
  package var isSent: Bool
  package var transport: Transport
  package var local: SocketAddress
  package var peer: SocketAddress
  /// Nil = a datagram.
  package var connection: ConnectionID?
  package var sid: CallSid?
  package var bytes: [UInt8]
}
