import RCMLBasics

/// An INVITE that opened a session; 100 Trying is already on its way (spec L-1).
public struct IncomingInvite: Sendable {
  /// Without brackets and without header parameters.
  public var requestURI: [UInt8]
  public var from: Sender
  public var toURI: [UInt8]
  public var callID: [UInt8]
  /// 70 when missing (spec Q-23).
  public var maxForwards: UInt8
  public var trail: CallTrail
  public var body: [UInt8]
  /// X-*, User-to-User, Diversion in order of arrival (spec X-20), plus Privacy, P-Asserted-Identity, Reason.
  public var headers: [HeaderLine]
  /// As it came, for whoever wants more of it.
  public var message: Message?
  public var peer: Peer
  /// The address of ours it was sent to: the host of our own identities where no setting names one (spec Q-8).
  public var local: SocketAddress

  public struct Sender: Sendable {
    /// Decoded (no quotes), empty = none.
    public var displayName: [UInt8]
    public var uri: [UInt8]
  }

  /// Who has sent it to us.
  public struct Peer: Sendable {
    public var source: SocketAddress
    public var transport: Transport
    /// Who he proved to be, with commas between the names; empty = nobody (spec T-8).
    public var names: [UInt8] = []
  }

  public var source: SocketAddress { peer.source }
  public var transport: Transport { peer.transport }
  public var fromDisplayName: [UInt8] { from.displayName }
  public var fromURI: [UInt8] { from.uri }

  public init(
    requestURI: [UInt8], fromDisplayName: [UInt8], fromURI: [UInt8], toURI: [UInt8],
    callID: [UInt8], maxForwards: UInt8, body: [UInt8], headers: [HeaderLine],
    source: SocketAddress, transport: Transport,
    local: SocketAddress = SocketAddress(ipv4: 0, port: 0),
    trail: CallTrail = CallTrail()
  ) {
    self.requestURI = requestURI
    from = Sender(displayName: fromDisplayName, uri: fromURI)
    self.toURI = toURI
    self.callID = callID
    self.maxForwards = maxForwards
    self.body = body
    self.headers = headers
    peer = Peer(source: source, transport: transport)
    self.local = local
    self.trail = trail
  }
}
