import RCMLBasics
import RCMLMedia

/// Every effect of the core, as data. Order is meaning: perform them one after the other.
package enum Output {
  case send(ListenerID, to: SocketAddress, bytes: [UInt8])
  case openStream(ConnectionID, to: SocketAddress)
  case sendStream(ConnectionID, bytes: [UInt8])
  case closeStream(ConnectionID)

  /// A and AAAA records of a host name.
  case resolve(ResolutionID, host: [UInt8])
  /// SRV records of a service (RFC 3263 §4.2).
  case findServices(ResolutionID, name: [UInt8])
  /// NAPTR records of a host name (RFC 3263 §4.1).
  case findPointers(ResolutionID, name: [UInt8])
  /// Whom to ask about names from now on, `127.0.0.1:5353,[::1]`; empty = whom the system asks.
  case useNameServers([UInt8])
  /// Which local address would a packet to `to` leave from? Answered by `routeFound`.
  case findRoute(to: SocketAddress)

  /// One HTTP exchange: no redirect is followed, nothing is retried; both are decided here.
  case exchange(ExchangeID, HTTPExchange)
  case abortExchange(ExchangeID)

  case media(MediaCommand)

  case tell(HostEvent)
}
