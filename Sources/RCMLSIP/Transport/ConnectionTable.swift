import RCMLBasics

/// Stream connections, found by the address of the other side.
final class ConnectionTable {
  private let context: UserAgentContext
  private var connections: [ConnectionID: Connection] = [:]
  private var byRemote: [SocketAddress: ConnectionID] = [:]
  private var nextNumber: UInt64 = 2

  init(context: UserAgentContext) { self.context = context }

  var count: Int { connections.count }

  subscript(id: ConnectionID) -> Connection? { connections[id] }

  /// The connection to that address, a new one if there is none; nil when there are too many.
  func connection(to remote: SocketAddress, at now: Instant) -> Connection? {
    if let id = byRemote[remote], let connection = connections[id] { return connection }
    guard connections.count < Limits.connections else { return nil }
    let connection = Connection(id: ConnectionID(nextNumber), opening: remote, at: now)
    nextNumber += 2
    insert(connection)
    context.add(.openStream(connection.id, to: remote))
    return connection
  }

  /// False: there are too many.
  func accepted(
    _ id: ConnectionID, local: SocketAddress, shown: [UInt8], remote: SocketAddress, at now: Instant
  ) -> Bool {
    guard connections[id] == nil, connections.count < Limits.connections else { return false }
    insert(Connection(id: id, remote: remote, local: local, shown: shown, at: now))
    return true
  }

  private func insert(_ connection: Connection) {
    connections[connection.id] = connection
    byRemote[connection.remote] = connection.id
    schedule(connection)
  }

  func remove(_ connection: Connection) {
    connections[connection.id] = nil
    if byRemote[connection.remote] == connection.id { byRemote[connection.remote] = nil }
  }

  func schedule(_ connection: Connection) {
    guard connections[connection.id] === connection else { return }
    connection.timer.schedule(
      connection.nextDeadline, for: .connection(connection.id), in: context.timers)
  }
}
