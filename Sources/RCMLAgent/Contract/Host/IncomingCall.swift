import RCMLBasics
import RCMLDial

/// Who calls, as the host is told that chooses a document (spec Q-33).
public struct IncomingCall: Hashable, Sendable {
  public var sid: CallSid
  /// As the web application is told: a URI without brackets, or what a setting makes of it.
  public var from: String
  public var to: String
  /// The caller's display name; empty = none.
  public var name: String
  /// The Request-URI as it came, parameters included.
  public var requestURI: String
  public var transport: Transport
  public var peer: SocketAddress
  /// Who the peer proved to be, with commas between the names; empty = nobody (spec T-8).
  public var peerNames = ""
  /// The INVITE's header fields, form-encoded, without credentials.
  public var headers: [UInt8]

  public init(
    sid: CallSid, from: String, to: String, name: String = "", requestURI: String = "",
    transport: Transport = .udp, peer: SocketAddress = SocketAddress(ipv4: 0, port: 0),
    headers: [UInt8] = []
  ) {
    self.sid = sid
    self.from = from
    self.to = to
    self.name = name
    self.requestURI = requestURI
    self.transport = transport
    self.peer = peer
    self.headers = headers
  }
}
