import RCMLBasics

/// A stream connection: one we opened, or one the reactor accepted.
final class Connection {
  private enum State {
    /// What waits for it to open: responses, how many octets they are, and searches.
    case connecting(queue: [[UInt8]], octets: Int, searches: [UInt64])
    case open
  }

  enum Sending {
    case now, queued, refused
  }

  enum Due {
    case nothing
    /// It never opened, or nobody needs it.
    case close
    /// A message that has begun never ended.
    case incomplete
  }

  let id: ConnectionID
  let peer: StreamPeer
  /// The peer opened it.
  let isAccepted: Bool
  private var state: State
  private(set) var local: SocketAddress
  /// What Via and Contact show on it, and who the peer proved to be.
  private var known: (shown: [UInt8], names: [UInt8])
  private var framer = StreamFramer()
  /// We pinged, and its pong has not come.
  private var awaitsPong = false
  /// Transactions and sessions that need it.
  private var users = 0
  /// The last time a message went either way: what only keeps it open does not (spec Y-12).
  private var lastActivity: Instant
  /// Since when a message has been incomplete, and what was held of it when that was counted last.
  private(set) var unfinished: (since: Instant?, counted: Int) = (nil, 0)
  var timer = TimerSlot()

  /// One that we open.
  init(id: ConnectionID, opening peer: StreamPeer, at now: Instant) {
    self.id = id
    self.peer = peer
    isAccepted = false
    state = .connecting(queue: [], octets: 0, searches: [])
    local = SocketAddress(ipv4: 0, port: 0)
    known = ([], [])
    lastActivity = now
  }

  /// One that was accepted.
  init(
    id: ConnectionID, from peer: StreamPeer, local: SocketAddress, shown: [UInt8], at now: Instant
  ) {
    self.id = id
    self.peer = peer
    isAccepted = true
    state = .open
    self.local = local
    known = (shown, [])
    lastActivity = now
  }

  var remote: SocketAddress { peer.remote }
  var isOpen: Bool { if case .open = state { true } else { false } }

  var flow: Flow { .stream(id, remote: remote, peer.transport) }
  var path: Path { Path(flow: flow, shown: known.shown, local: local, peer: known.names) }

  /// It is secured, and the peer has these names.
  func secured(by names: [UInt8]) { known.names = names }

  // MARK: - Opening

  /// What waited for it; nil = it was open already.
  func opened(
    local: SocketAddress, shown: [UInt8], at now: Instant
  ) -> (queue: [[UInt8]], searches: [UInt64])? {
    guard case .connecting(let queue, _, let searches) = state else { return nil }
    state = .open
    self.local = local
    known.shown = shown
    lastActivity = now
    return (queue, searches)
  }

  func wait(_ search: UInt64) {
    guard case .connecting(let queue, let octets, var searches) = state else { return }
    searches.append(search)
    state = .connecting(queue: queue, octets: octets, searches: searches)
  }

  var waitingSearches: [UInt64] {
    if case .connecting(_, _, let searches) = state { searches } else { [] }
  }

  func send(_ bytes: [UInt8], at now: Instant) -> Sending {
    guard case .connecting(var queue, let octets, let searches) = state else {
      lastActivity = now
      return .now
    }
    guard octets + bytes.count <= Limits.connectionQueue else { return .refused }
    queue.append(bytes)
    state = .connecting(queue: queue, octets: octets + bytes.count, searches: searches)
    return .queued
  }

  // MARK: - Use

  func use() { users += 1 }
  func leave() { users -= 1 }

  // MARK: - What arrives

  func received(_ bytes: UnsafeRawBufferPointer) {
    guard !isPong(bytes) else { return }
    framer.received(bytes)
  }

  func pinged() { awaitsPong = true }

  /// A CRLF by itself, where one is awaited (RFC 5626 §3.5.1): two pongs are no ping.
  private func isPong(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard awaitsPong, bytes.count == 2, bytes[0] == 13, bytes[1] == 10, !framer.isMidMessage else {
      return false
    }
    awaitsPong = false
    return true
  }

  func nextUnit(at now: Instant) -> StreamFramer.Unit? {
    guard let unit = framer.next() else { return nil }
    unfinished.since = nil
    switch unit {
    case .message, .malformed: lastActivity = now
    case .keepAlive, .broken: break
    }
    return unit
  }

  /// No whole message is left of what arrived.
  func allRead(at now: Instant) {
    unfinished.since = framer.isMidMessage ? unfinished.since ?? now : nil
  }

  /// How much more it holds than when that was asked last; it may be less.
  func countHeld() -> Int {
    defer { unfinished.counted = framer.held }
    return framer.held - unfinished.counted
  }

  /// What there is of a message that was never completed.
  func giveUpMessage() -> Malformed? {
    switch framer.givenUp() {
    case .broken(let malformed), .malformed(let malformed): malformed
    case .message, .keepAlive, nil: nil
    }
  }

  // MARK: - Time

  func timePassed(at now: Instant) -> Due {
    guard let deadline = nextDeadline, deadline.instant <= now else { return .nothing }
    guard isOpen else { return .close }
    if let since = unfinished.since, since + Limits.incompleteMessage <= now { return .incomplete }
    // Peers that can reach us only over this connection keep it (spec Q-22).
    guard users == 0 else {
      lastActivity = now
      return .nothing
    }
    return .close
  }

  var nextDeadline: Deadline? {
    let idle = lastActivity + Limits.idleConnection
    let stuck = unfinished.since.map { $0 + Limits.incompleteMessage } ?? .distantFuture
    let opening = isOpen ? .distantFuture : lastActivity + Limits.connecting
    return Deadline(min(idle, stuck, opening), .streamIdle)
  }
}
