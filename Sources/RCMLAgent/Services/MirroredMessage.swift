import RCMLBasics

/// A SIP message for whoever watches a network (setting `hep`): as it went out or came in, credentials masked.
public struct MirroredMessage: Equatable, Sendable {
  public var isSent: Bool
  public var transport: Transport
  public var local: SocketAddress
  public var peer: SocketAddress
  public var bytes: [UInt8]
  /// The call's sid; the Call-ID of what belongs to no call.
  public var correlation: [UInt8]

  public init(
    isSent: Bool, transport: Transport, local: SocketAddress, peer: SocketAddress,
    bytes: [UInt8], correlation: [UInt8] = []
  ) {
    self.isSent = isSent
    self.transport = transport
    self.local = local
    self.peer = peer
    self.bytes = bytes
    self.correlation = correlation
  }
}

/// Where messages are mirrored to, and as what.
public struct MirrorTarget: Equatable, Sendable {
  public var address: SocketAddress
  /// The number of the capture agent.
  public var number: UInt32
  /// Its authentication key; empty = none.
  public var key: Private<[UInt8]>

  public init(address: SocketAddress, number: UInt32 = 0, key: Private<[UInt8]> = Private([])) {
    self.address = address
    self.number = number
    self.key = key
  }
}

extension Settings {
  /// Nil: nothing is mirrored.
  var mirrorTarget: MirrorTarget? {
    HEPAddress(hep).map {
      MirrorTarget(
        address: $0.address, number: hepID,
        key: Private(Array((hepPassword?.exposed ?? "").utf8)))
    }
  }
}
