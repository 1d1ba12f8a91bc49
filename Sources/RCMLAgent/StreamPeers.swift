import RCMLBasics

/// Who is at the other end of a stream, for the log only (setting `transport_log`).
struct StreamPeers {
  private var peers: [ConnectionID: SocketAddress] = [:]

  mutating func opened(_ id: ConnectionID, to peer: SocketAddress) { peers[id] = peer }
  mutating func closed(_ id: ConnectionID) { peers[id] = nil }
  func peer(of id: ConnectionID) -> SocketAddress? { peers[id] }
}
