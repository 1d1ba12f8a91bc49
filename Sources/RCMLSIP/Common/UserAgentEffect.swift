import RCMLBasics

/// What the user agent wants done, in the order in which it must be done.
public enum UserAgentEffect {
  case send(ListenerID, to: SocketAddress, bytes: [UInt8])
  case openStream(ConnectionID, to: SocketAddress)
  /// TLS, with whoever proves to be that domain (spec T-8); answered by `streamSecured` and `streamConnected`.
  case openSecured(ConnectionID, to: SocketAddress, domain: [UInt8])
  case sendStream(ConnectionID, bytes: [UInt8])
  case closeStream(ConnectionID)
  /// Nothing uses it any more; to be answered with `listenerClosed`.
  case closeListener(ListenerID)
  /// A and AAAA of a host name; answered by `resolved` or `resolutionFailed`.
  case resolve(ResolutionID, host: [UInt8])
  /// SRV of a service; answered by `servicesFound` or `resolutionFailed`.
  case findServices(ResolutionID, name: [UInt8])
  /// NAPTR of a host name; answered by `pointersFound` or `resolutionFailed`.
  case findPointers(ResolutionID, name: [UInt8])
  /// Which local address leads to `address`? Asked only where a listener is bound to the wildcard; answered by
  /// `routeFound`.
  case findRoute(to: SocketAddress)
  indirect case incoming(SessionID, IncomingInvite)
  case session(SessionID, SessionEvent)
  /// A caller has acknowledged a provisional response: it is where its INVITE says it is (spec Y-8).
  case confirmed(SessionID)
  /// A caller's credentials were judged: for the journal, which does not hold them.
  case judged(UInt8)
  /// A limit has refused something (spec Y-13).
  case limited(Limit)
  /// A message that was dropped or refused without a session, for the log: never a leg, never a webhook.
  case refused(StaticString, code: UInt16, from: SocketAddress, as: ReasonCode)
  /// A message as it went out or came in; only while the setting `transport_log` or `hep` wants it.
  indirect case message(
    sent: Bool, Transport, local: SocketAddress, peer: SocketAddress, bytes: [UInt8])
}
