import CSystem
import RCMLAgent
import RCMLBasics
import RCMLDocument

/// TCP: accepting, connecting, and octets both ways.
final class Streams {
  private let poll: Poll
  private let listeners: Listeners
  private var connections: [ConnectionID: StreamSocket] = [:]
  private var nextAccepted: UInt64 = 1
  /// Given up to hang up on a caller when there are no more descriptors.
  private var spareDescriptor: Int32
  private let readRoom: UnsafeMutableRawBufferPointer
  /// Connections that are still connecting or closing are looked at then.
  private(set) var deadline = Instant.distantFuture

  private(set) var accepted: UInt64 = 0
  private(set) var opened: UInt64 = 0
  /// Closed because their peer did not read.
  private(set) var overflowed: UInt64 = 0
  private var refusals = RefusalTally()

  /// What may wait for a peer that does not read; one octet more closes the connection.
  private static let writeLimit = 256 * 1024
  /// 64*T1: longer than this the core does not wait for a connection either.
  private static let connectLimit = Interval.seconds(32)
  private static let closeLimit = Interval.seconds(5)
  private static let again: Int64 = -11
  private static let tooMany: Set<Int32> = [-24, -23]

  init(poll: Poll, listeners: Listeners) throws(ReactorError) {
    spareDescriptor = system_spare_descriptor()
    guard spareDescriptor >= 0 else { throw ReactorError.loop(spareDescriptor) }
    readRoom = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 16)
    self.poll = poll
    self.listeners = listeners
  }

  deinit { readRoom.deallocate() }

  var count: Int { connections.count }
  /// Those of connections, and the spare one.
  var descriptorCount: Int { connections.count + (spareDescriptor >= 0 ? 1 : 0) }

  func accept(_ index: Int, _ turn: Turn) {
    guard index < listeners.all.count, listeners.all[index].isOpen else { return }
    let listener = listeners.all[index]
    for _ in 0..<SYSTEM_BATCH {
      var local = system_address()
      var remote = system_address()
      let socket = system_tcp_accept(listener.descriptor, &local, &remote)
      if Streams.tooMany.contains(socket) {
        guard refuse(listener) else { return }
        continue
      }
      guard socket >= 0 else { return }
      guard socket < Streams.firstKeptDescriptor else {
        system_close(socket)
        refusals.refuse(.descriptors)
        continue
      }
      let id = ConnectionID(nextAccepted)
      nextAccepted += 2
      guard watch(socket, id, 1) else {
        system_close(socket)
        continue
      }
      accepted &+= 1
      connections[id] = StreamSocket(
        id: id, descriptor: socket, remote: SocketAddress(remote), state: .open,
        deadline: .distantFuture)
      turn.feed(
        .network(
          .streamAccepted(
            id, listener.id, local: SocketAddress(local), remote: SocketAddress(remote))))
    }
  }

  /// Descriptors from this number on are kept for the media of calls (spec Y-12): a quarter of what the process may have, and
  /// no more than a thousand calls with two parties need. The system gives the lowest one that is free.
  private static var firstKeptDescriptor: Int32 {
    let limit = system_descriptor_limit()
    return limit - min(limit / 4, 4_096)
  }

  /// What is to be said about refused connections, once a second (spec Y-13).
  func popRefusal(at now: Instant) -> Finding? {
    refusals.popDue(at: now).map { Finding($0.limit, refused: $0.count) }
  }

  var refusalDeadline: Instant { refusals.nextDeadline ?? .distantFuture }

  /// For want of descriptors.
  var refused: UInt64 { refusals.total(.descriptors) }

  /// Out of descriptors: the spare one lets us take the caller and hang up on it, instead of spinning on a
  /// listener that stays readable (failures H11). False: not even that.
  private func refuse(_ listener: ListenerSocket) -> Bool {
    guard spareDescriptor >= 0 else { return false }
    system_close(spareDescriptor)
    var local = system_address()
    var remote = system_address()
    let socket = system_tcp_accept(listener.descriptor, &local, &remote)
    if socket >= 0 { system_close(socket) }
    refusals.refuse(.descriptors)
    spareDescriptor = system_spare_descriptor()
    return socket >= 0
  }

  private func watch(_ socket: Int32, _ id: ConnectionID, _ events: UInt32) -> Bool {
    poll.watch(socket, events, Tag.make(Tag.connection, id.number)) == 0
  }

  func open(_ id: ConnectionID, to destination: SocketAddress, _ turn: Turn) {
    var target = destination.system
    let socket = system_tcp_connect(&target)
    guard socket >= 0 else {
      return turn.tell(.network(.streamFailed(id, NetworkFailure(system: Int(socket)))))
    }
    guard watch(socket, id, UInt32(SYSTEM_WRITE)) else {
      system_close(socket)
      return turn.tell(.network(.streamFailed(id, .other)))
    }
    opened &+= 1
    let late = turn.now + Streams.connectLimit
    connections[id] = StreamSocket(
      id: id, descriptor: socket, remote: destination, state: .connecting, deadline: late)
    deadline = min(deadline, late)
  }

  func send(_ id: ConnectionID, _ bytes: [UInt8], _ turn: Turn) {
    guard let connection = connections[id], connection.state != .closing else { return }
    var gone = 0
    if connection.state == .open, connection.queued == 0 {
      let sent = bytes.withUnsafeBytes {
        system_tcp_send(connection.descriptor, $0.baseAddress, $0.count)
      }
      if sent < 0, sent != Streams.again { return lose(connection, turn) }
      gone = max(0, Int(sent))
    }
    guard gone < bytes.count else { return }
    guard bytes.count - gone <= Streams.writeLimit - connection.queued else {
      overflowed &+= 1
      return lose(connection, turn)
    }
    connection.append(bytes[gone...])
    if connection.state == .open {
      _ = watch(connection.descriptor, id, UInt32(SYSTEM_READ | SYSTEM_WRITE))
    }
  }

  /// The core lets go: what is queued is still written, for a bounded time.
  func close(_ id: ConnectionID, _ turn: Turn) {
    guard let connection = connections[id], connection.state != .closing else { return }
    guard connection.state == .open, connection.queued > 0 else { return drop(connection) }
    connection.state = .closing
    connection.deadline = turn.now + Streams.closeLimit
    deadline = min(deadline, connection.deadline)
    _ = watch(connection.descriptor, id, UInt32(SYSTEM_WRITE))
  }

  func ready(_ id: ConnectionID, _ events: UInt32, _ turn: Turn) {
    guard let connection = connections[id] else { return }
    switch connection.state {
    case .connecting: return finishConnecting(connection, turn)
    case .closing: return writeQueued(connection, turn)
    case .open: break
    }
    if events & UInt32(SYSTEM_WRITE) != 0 { writeQueued(connection, turn) }
    guard connections[id] === connection, connection.state == .open else { return }
    if events & ~UInt32(SYSTEM_WRITE) != 0 { readStream(connection, turn) }
  }

  private func finishConnecting(_ connection: StreamSocket, _ turn: Turn) {
    var local = system_address()
    let error = system_tcp_connected(connection.descriptor, &local)
    guard error == 0 else {
      return lose(connection, because: NetworkFailure(system: Int(error)), turn)
    }
    connection.state = .open
    connection.deadline = .distantFuture
    _ = watch(connection.descriptor, connection.id, UInt32(SYSTEM_READ))
    if connection.queued > 0 { writeQueued(connection, turn) }
    guard connections[connection.id] === connection else { return }
    turn.tell(.network(.streamConnected(connection.id, local: SocketAddress(local))))
  }

  private func writeQueued(_ connection: StreamSocket, _ turn: Turn) {
    var status: Int64 = 0
    connection.write { octets in
      guard octets.count > 0 else { return 0 }
      status = system_tcp_send(connection.descriptor, octets.baseAddress, octets.count)
      return Int(max(0, status))
    }
    if status < 0, status != Streams.again { return lose(connection, turn) }
    if connection.queued == 0, connection.state == .closing { return drop(connection) }
    var wanted = connection.queued > 0 ? UInt32(SYSTEM_WRITE) : 0
    if connection.state == .open { wanted |= UInt32(SYSTEM_READ) }
    _ = watch(connection.descriptor, connection.id, wanted)
  }

  /// One roomful; the level-triggered loop comes back for more when the others had their turn.
  private func readStream(_ connection: StreamSocket, _ turn: Turn) {
    let got = system_tcp_receive(connection.descriptor, readRoom.baseAddress, readRoom.count)
    if got == Streams.again { return }
    guard got > 0 else { return endReading(connection, isReset: got < 0, turn) }
    let bytes = UnsafeRawBufferPointer(rebasing: readRoom[..<min(Int(got), readRoom.count)])
    turn.feed(.network(.streamBytes(connection.id, bytes: bytes)))
  }

  /// The peer says no more. It may still listen, so what is queued for it goes out; for the core the
  /// connection is over, and a later answer opens a new one (RFC 3261 §18.2.2).
  private func endReading(_ connection: StreamSocket, isReset: Bool, _ turn: Turn) {
    if isReset { return lose(connection, turn) }
    close(connection.id, turn)
    turn.tell(.network(.streamClosed(connection.id)))
  }

  /// Gone without the core's doing: it is told, once.
  private func lose(
    _ connection: StreamSocket, because failure: NetworkFailure = .lost, _ turn: Turn
  ) {
    let state = connection.state
    drop(connection)
    switch state {
    case .connecting: turn.tell(.network(.streamFailed(connection.id, failure)))
    case .open: turn.tell(.network(.streamClosed(connection.id)))
    case .closing: break
    }
  }

  private func drop(_ connection: StreamSocket) {
    guard connections.removeValue(forKey: connection.id) != nil else { return }
    system_tcp_finish(connection.descriptor)
    poll.forget(connection.descriptor)
    system_close(connection.descriptor)
  }

  /// Connects and closes that have taken too long.
  func timePassed(_ turn: Turn) {
    guard turn.now >= deadline else { return }
    let late = connections.values.filter { $0.deadline <= turn.now }
    for connection in late { lose(connection, because: .timedOut, turn) }
    deadline = connections.values.reduce(.distantFuture) { min($0, $1.deadline) }
  }

  func close() {
    for connection in connections.values { system_close(connection.descriptor) }
    connections = [:]
    system_close(spareDescriptor)
    spareDescriptor = -1
  }
}
