import RCMLBasics

/// Stream connections, found by the address of the other side.
final class ConnectionTable {
  private let context: UserAgentContext
  private var connections: [ConnectionID: Connection] = [:]
  private var byPeer: [StreamPeer: ConnectionID] = [:]
  /// How many each address has opened.
  private var accepted: [SocketAddress: Int] = [:]
  /// Octets of messages that are not finished.
  private var unfinished = 0
  private var nextNumber: UInt64 = 2

  init(context: UserAgentContext) { self.context = context }

  var count: Int { connections.count }

  subscript(id: ConnectionID) -> Connection? { connections[id] }

  /// The connection to that peer, a new one if there is none; nil when there are too many.
  func connection(to peer: StreamPeer, at now: Instant) -> Connection? {
    if let id = byPeer[peer], let connection = connections[id] { return connection }
    guard connections.count < context.settings.bounds.connections else { return nil }
    let connection = Connection(id: ConnectionID(nextNumber), opening: peer, at: now)
    nextNumber += 2
    insert(connection)
    context.add(
      peer.transport.isSecured
        ? .openSecured(connection.id, to: peer.remote, domain: peer.domain)
        : .openStream(connection.id, to: peer.remote))
    return connection
  }

  /// False: there are too many (spec Y-12).
  func accepted(
    _ id: ConnectionID, local: SocketAddress, shown: [UInt8], from peer: StreamPeer, at now: Instant
  ) -> Bool {
    guard connections[id] == nil else { return false }
    let address = peer.remote.withoutPort
    if let limit = limit(reachedBy: address) {
      context.add(.limited(limit))
      return false
    }
    accepted[address, default: 0] += 1
    insert(Connection(id: id, from: peer, local: local, shown: shown, at: now))
    return true
  }

  private func limit(reachedBy address: SocketAddress) -> Limit? {
    let bounds = context.settings.bounds
    if connections.count >= bounds.connections { return .connections }
    let most = bounds.connectionsPerAddress
    return most > 0 && accepted[address] ?? 0 >= most ? .connectionsOfAddress : nil
  }

  private func insert(_ connection: Connection) {
    connections[connection.id] = connection
    byPeer[connection.peer] = connection.id
    schedule(connection)
  }

  func remove(_ connection: Connection) {
    guard connections.removeValue(forKey: connection.id) != nil else { return }
    unfinished -= connection.unfinished.counted
    if connection.isAccepted {
      let address = connection.remote.withoutPort
      let count = accepted[address] ?? 0
      accepted[address] = count > 1 ? count - 1 : nil
    }
    if byPeer[connection.peer] == connection.id { byPeer[connection.peer] = nil }
  }

  /// False: what it has begun and not finished is more than there is room for.
  func keepsUnfinished(_ connection: Connection) -> Bool {
    let more = connection.countHeld()
    unfinished += more
    return more <= 0 || unfinished <= Limits.unfinishedOctets
  }

  func schedule(_ connection: Connection) {
    guard connections[connection.id] === connection else { return }
    connection.timer.schedule(
      connection.nextDeadline, for: .connection(connection.id), in: context.timers)
  }
}
