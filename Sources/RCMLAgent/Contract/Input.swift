import RCMLBasics
import RCMLMedia

/// Everything the core learns about the world. Octets in pointers are lent for the length of the call.
package enum Input {
  /// First of all inputs, exactly once: 32 octets of entropy, and what the calendar says.
  case started(entropy: [UInt8], wall: WallClock)
  /// The machine's clock was set (the reactor looks at most once a second).
  case wallClock(WallClock)

  case listening(ListenerID, Transport, local: SocketAddress)
  case listenerClosed(ListenerID)
  /// `local` is the address the datagram was sent to, also when the listener is bound to the wildcard.
  case datagram(
    ListenerID, from: SocketAddress, local: SocketAddress, bytes: UnsafeRawBufferPointer)
  /// An ICMP error for something we sent.
  case datagramRefused(ListenerID, to: SocketAddress)
  case streamAccepted(ConnectionID, ListenerID, local: SocketAddress, remote: SocketAddress)
  case streamConnected(ConnectionID, local: SocketAddress)
  case streamFailed(ConnectionID)
  case streamBytes(ConnectionID, bytes: UnsafeRawBufferPointer)
  case streamClosed(ConnectionID)

  case resolved(ResolutionID, [SocketAddress])
  /// At most 16 records of an answer, as they came.
  case servicesFound(ResolutionID, [ServiceRecord])
  case pointersFound(ResolutionID, [PointerRecord])
  /// No such name, none of these records, or no answer that could be read.
  case resolutionFailed(ResolutionID)
  case routeFound(to: SocketAddress, local: SocketAddress)

  case exchangeAnswered(ExchangeID, HTTPAnswer)
  case exchangeFailed(ExchangeID, HTTPFailure)

  /// What media came to, or learnt. The packets themselves never come here.
  case media(MediaEvent)

  /// A deadline came. Any other input at or after the deadline does the same.
  case timePassed
}
