import RCMLBasics

/// A stream connection: one we opened, or one the reactor accepted.
final class Connection {
  enum State {
    case connecting
    case open
  }

  let id: ConnectionID
  let remote: SocketAddress
  var state: State
  var local: SocketAddress
  /// What Via and Contact show on it.
  var shown: [UInt8] = []
  var framer = StreamFramer()
  /// Responses that wait for the connection to open, and how many octets they are.
  var queue: [[UInt8]] = []
  var queuedOctets = 0
  /// Requests that wait for it.
  var waiting: [UInt64] = []
  /// Client transactions that went out over it; ended ones are swept when the list has doubled.
  var clients: [UInt64] = []
  var sweepAt = 64
  /// Sessions whose dialogs use it.
  var sessions = 0
  /// The last time octets went either way.
  var lastActivity: Instant
  /// Since when a message has been incomplete.
  var incompleteSince: Instant?
  var queuedAt: Instant?

  init(
    id: ConnectionID, remote: SocketAddress, state: State, local: SocketAddress, at now: Instant
  ) {
    self.id = id
    self.remote = remote
    self.state = state
    self.local = local
    lastActivity = now
  }

  var nextDeadline: Deadline? {
    let idle = lastActivity + Limits.idleConnection
    let stuck = incompleteSince.map { $0 + Limits.incompleteMessage } ?? .distantFuture
    let opening = state == .connecting ? lastActivity + Limits.connecting : .distantFuture
    return Deadline(min(idle, stuck, opening), .streamIdle)
  }

  func add(_ client: UInt64, isLive: (UInt64) -> Bool) {
    if clients.count >= sweepAt {
      clients.removeAll { !isLive($0) }
      sweepAt = max(64, clients.count * 2)
    }
    clients.append(client)
  }
}
