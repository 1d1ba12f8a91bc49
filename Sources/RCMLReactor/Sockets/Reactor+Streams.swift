import CSystem
import RCMLAgent
import RCMLBasics

/// TCP: accepting, connecting, and octets both ways.
extension Reactor {
  /// What may wait for a peer that does not read; one octet more closes the connection.
  static let writeLimit = 256 * 1024
  /// 64*T1: longer than this the core does not wait for a connection either.
  private static let connectLimit = Interval.seconds(32)
  private static let closeLimit = Interval.seconds(5)
  private static let again: Int64 = -11
  private static let tooMany: Set<Int32> = [-24, -23]

  func acceptStreams(_ index: Int, _ now: Instant) {
    guard index < listeners.count else { return }
    let listener = listeners[index]
    for _ in 0..<SYSTEM_BATCH {
      var local = system_address()
      var remote = system_address()
      let accepted = system_tcp_accept(listener.descriptor, &local, &remote)
      if Reactor.tooMany.contains(accepted) {
        guard refuseStream(listener) else { return }
        continue
      }
      guard accepted >= 0 else { return }
      let id = ConnectionID(nextAccepted)
      nextAccepted += 2
      guard watch(accepted, id, 1) else {
        system_close(accepted)
        continue
      }
      counters.streamsAccepted &+= 1
      connections[id] = StreamSocket(
        id: id, descriptor: accepted, remote: SocketAddress(remote), state: .open,
        deadline: .distantFuture)
      feed(
        .streamAccepted(
          id, listener.id, local: SocketAddress(local), remote: SocketAddress(remote)), now)
    }
  }

  /// Out of descriptors: the spare one lets us take the caller and hang up on it, instead of spinning on a
  /// listener that stays readable (failures H11). False: not even that.
  private func refuseStream(_ listener: ListenerSocket) -> Bool {
    guard spareDescriptor >= 0 else { return false }
    system_close(spareDescriptor)
    var local = system_address()
    var remote = system_address()
    let accepted = system_tcp_accept(listener.descriptor, &local, &remote)
    if accepted >= 0 { system_close(accepted) }
    counters.streamsRefused &+= 1
    spareDescriptor = system_spare_descriptor()
    return accepted >= 0
  }

  private func watch(_ socket: Int32, _ id: ConnectionID, _ events: UInt32) -> Bool {
    system_epoll_set(descriptor, socket, events, Tag.make(Tag.connection, id.number)) == 0
  }

  func openStream(_ id: ConnectionID, to destination: SocketAddress, _ now: Instant) {
    var target = destination.system
    let socket = system_tcp_connect(&target)
    guard socket >= 0 else { return tell(.streamFailed(id), now) }
    guard watch(socket, id, UInt32(SYSTEM_WRITE)) else {
      system_close(socket)
      return tell(.streamFailed(id), now)
    }
    counters.streamsOpened &+= 1
    let deadline = now + Reactor.connectLimit
    connections[id] = StreamSocket(
      id: id, descriptor: socket, remote: destination, state: .connecting, deadline: deadline)
    earliestConnection = min(earliestConnection, deadline)
  }

  func sendStream(_ id: ConnectionID, _ bytes: [UInt8], _ now: Instant) {
    guard let connection = connections[id], connection.state != .closing else { return }
    var gone = 0
    if connection.state == .open, connection.queued == 0 {
      let sent = bytes.withUnsafeBytes {
        system_tcp_send(connection.descriptor, $0.baseAddress, $0.count)
      }
      if sent < 0, sent != Reactor.again { return lose(connection, now) }
      gone = max(0, Int(sent))
    }
    guard gone < bytes.count else { return }
    guard bytes.count - gone <= Reactor.writeLimit - connection.queued else {
      counters.streamsOverflowed &+= 1
      return lose(connection, now)
    }
    connection.append(bytes[gone...])
    if connection.state == .open {
      _ = watch(connection.descriptor, id, UInt32(SYSTEM_READ | SYSTEM_WRITE))
    }
  }

  /// The core lets go: what is queued is still written, for a bounded time.
  func closeStream(_ id: ConnectionID, _ now: Instant) {
    guard let connection = connections[id], connection.state != .closing else { return }
    guard connection.state == .open, connection.queued > 0 else { return drop(connection) }
    connection.state = .closing
    connection.deadline = now + Reactor.closeLimit
    earliestConnection = min(earliestConnection, connection.deadline)
    _ = watch(connection.descriptor, id, UInt32(SYSTEM_WRITE))
  }

  func connectionReady(_ id: ConnectionID, _ events: UInt32, _ now: Instant) {
    guard let connection = connections[id] else { return }
    switch connection.state {
    case .connecting: return finishConnecting(connection, now)
    case .closing: return writeQueued(connection, now)
    case .open: break
    }
    if events & UInt32(SYSTEM_WRITE) != 0 { writeQueued(connection, now) }
    guard connections[id] === connection, connection.state == .open else { return }
    if events & ~UInt32(SYSTEM_WRITE) != 0 { readStream(connection, now) }
  }

  private func finishConnecting(_ connection: StreamSocket, _ now: Instant) {
    var local = system_address()
    guard system_tcp_connected(connection.descriptor, &local) == 0 else {
      return lose(connection, now)
    }
    connection.state = .open
    connection.deadline = .distantFuture
    _ = watch(connection.descriptor, connection.id, UInt32(SYSTEM_READ))
    if connection.queued > 0 { writeQueued(connection, now) }
    guard connections[connection.id] === connection else { return }
    tell(.streamConnected(connection.id, local: SocketAddress(local)), now)
  }

  private func writeQueued(_ connection: StreamSocket, _ now: Instant) {
    var status: Int64 = 0
    connection.write { octets in
      guard octets.count > 0 else { return 0 }
      status = system_tcp_send(connection.descriptor, octets.baseAddress, octets.count)
      return Int(max(0, status))
    }
    if status < 0, status != Reactor.again { return lose(connection, now) }
    if connection.queued == 0, connection.state == .closing { return drop(connection) }
    var wanted = connection.queued > 0 ? UInt32(SYSTEM_WRITE) : 0
    if connection.state == .open { wanted |= UInt32(SYSTEM_READ) }
    _ = watch(connection.descriptor, connection.id, wanted)
  }

  /// One roomful; the level-triggered loop comes back for more when the others had their turn.
  private func readStream(_ connection: StreamSocket, _ now: Instant) {
    let got = system_tcp_receive(connection.descriptor, readRoom.baseAddress, readRoom.count)
    if got == Reactor.again { return }
    guard got > 0 else { return endReading(connection, isReset: got < 0, now) }
    let bytes = UnsafeRawBufferPointer(rebasing: readRoom[..<min(Int(got), readRoom.count)])
    feed(.streamBytes(connection.id, bytes: bytes), now)
  }

  /// The peer says no more. It may still listen, so what is queued for it goes out; for the core the
  /// connection is over, and a later answer opens a new one (RFC 3261 §18.2.2).
  private func endReading(_ connection: StreamSocket, isReset: Bool, _ now: Instant) {
    if isReset { return lose(connection, now) }
    closeStream(connection.id, now)
    tell(.streamClosed(connection.id), now)
  }

  /// Gone without the core's doing: it is told, once.
  private func lose(_ connection: StreamSocket, _ now: Instant) {
    let state = connection.state
    drop(connection)
    switch state {
    case .connecting: tell(.streamFailed(connection.id), now)
    case .open: tell(.streamClosed(connection.id), now)
    case .closing: break
    }
  }

  private func drop(_ connection: StreamSocket) {
    guard connections.removeValue(forKey: connection.id) != nil else { return }
    system_tcp_finish(connection.descriptor)
    // A child that was forked meanwhile may hold it, too: the loop must not hear of it again.
    system_epoll_remove(descriptor, connection.descriptor)
    system_close(connection.descriptor)
  }

  /// Connects and closes that have taken too long.
  func connectionTimePassed(_ now: Instant) {
    let late = connections.values.filter { $0.deadline <= now }
    for connection in late { lose(connection, now) }
    earliestConnection = connections.values.reduce(.distantFuture) { min($0, $1.deadline) }
  }
}
