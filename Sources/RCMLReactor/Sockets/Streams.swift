import CSystem
import RCMLAgent
import RCMLBasics
import RCMLDocument

/// TCP: accepting, connecting, and octets both ways. Where a connection is secured, TLS sits between it and the core
/// (Streams+Secure.swift).
final class Streams {
  private let poll: Poll
  private let listeners: Listeners
  let handshakes = Handshakes()
  private(set) var connections: [ConnectionID: StreamSocket] = [:]
  private var nextAccepted: UInt64 = 1
  /// Given up to hang up on a caller when there are no more descriptors.
  private var spareDescriptor: Int32
  /// One half for the wire, one for what it means.
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
  static let again: Int64 = -11
  private static let roomSize = 16_384
  private static let tooMany: Set<Int32> = [-24, -23]

  init(poll: Poll, listeners: Listeners) throws(ReactorError) {
    spareDescriptor = system_spare_descriptor()
    guard spareDescriptor >= 0 else { throw ReactorError.loop(spareDescriptor) }
    readRoom = UnsafeMutableRawBufferPointer.allocate(
      byteCount: 2 * Streams.roomSize, alignment: 16)
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
      let isSecured = listener.address.transport.isSecured
      let secure = isSecured ? handshakes.accept(at: turn.now) : nil
      guard !isSecured || secure != nil, watch(socket, id, 1) else {
        system_close(socket)
        continue
      }
      accepted &+= 1
      if let secure {
        let entrance = (listener.id, SocketAddress(local))
        begin(
          StreamSocket(
            id: id, descriptor: socket, remote: SocketAddress(remote), state: .securing,
            deadline: turn.now + Handshakes.limit, secure: secure, entrance: entrance), turn)
        continue
      }
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

  /// One whose peer has come to us and has to prove something.
  private func begin(_ connection: StreamSocket, _ turn: Turn) {
    connections[connection.id] = connection
    deadline = min(deadline, connection.deadline)
    if let oldest = handshakes.began(connection.id).flatMap({ connections[$0] }) {
      lose(oldest, because: .tooMany, turn)
    }
  }

  /// `secure`: what has to be proved before the core hears that it stands.
  func open(
    _ id: ConnectionID, to destination: SocketAddress, secure: SecureStream? = nil, _ turn: Turn
  ) {
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
      id: id, descriptor: socket, remote: destination, state: .connecting, deadline: late,
      secure: secure)
    deadline = min(deadline, late)
  }

  func send(_ id: ConnectionID, _ bytes: [UInt8], _ turn: Turn) {
    guard let connection = connections[id], connection.state != .closing else { return }
    if let secure = connection.secure {
      guard connection.state == .open else { return }
      guard secure.write(bytes) else { return lose(connection, turn) }
      return flush(secure, connection, turn)
    }
    bytes.withUnsafeBytes { push($0, to: connection, turn) }
  }

  /// Octets as they go over the wire.
  func push(_ bytes: UnsafeRawBufferPointer, to connection: StreamSocket, _ turn: Turn) {
    var gone = 0
    let canWrite = connection.state == .open || connection.state == .securing
    if canWrite, connection.queued == 0 {
      let sent = system_tcp_send(connection.descriptor, bytes.baseAddress, bytes.count)
      if sent < 0, sent != Streams.again { return lose(connection, turn) }
      gone = max(0, Int(sent))
    }
    guard gone < bytes.count else { return }
    guard bytes.count - gone <= Streams.writeLimit - connection.queued else {
      overflowed &+= 1
      return lose(connection, turn)
    }
    connection.append(UnsafeRawBufferPointer(rebasing: bytes[gone...]))
    if canWrite {
      _ = watch(connection.descriptor, connection.id, UInt32(SYSTEM_READ | SYSTEM_WRITE))
    }
  }

  /// The core lets go: what is queued is still written, for a bounded time.
  func close(_ id: ConnectionID, _ turn: Turn) {
    guard let connection = connections[id], connection.state != .closing else { return }
    if connection.state == .open, let secure = connection.secure {
      secure.finish()
      flush(secure, connection, turn)
      guard connections[id] === connection else { return }
    }
    guard connection.state == .open, connection.queued > 0 else {
      drop(connection)
      return
    }
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
    case .securing, .open: break
    }
    if events & UInt32(SYSTEM_WRITE) != 0 { writeQueued(connection, turn) }
    guard connections[id] === connection, events & ~UInt32(SYSTEM_WRITE) != 0 else { return }
    switch connection.state {
    case .open: readStream(connection, turn)
    case .securing where connection.entrance == nil || handshakes.takeTurn():
      readStream(connection, turn)
    case .securing, .connecting, .closing: break
    }
  }

  private func finishConnecting(_ connection: StreamSocket, _ turn: Turn) {
    var local = system_address()
    let error = system_tcp_connected(connection.descriptor, &local)
    guard error == 0 else {
      return lose(connection, because: NetworkFailure(system: Int(error)), turn)
    }
    if let secure = connection.secure {
      connection.state = .securing
      connection.deadline = turn.now + Handshakes.limit
      deadline = min(deadline, connection.deadline)
      _ = watch(connection.descriptor, connection.id, UInt32(SYSTEM_READ))
      return shake(secure, connection, turn)
    }
    connection.state = .open
    connection.deadline = .distantFuture
    _ = watch(connection.descriptor, connection.id, UInt32(SYSTEM_READ))
    if connection.queued > 0 { writeQueued(connection, turn) }
    guard connections[connection.id] === connection else { return }
    turn.tell(.network(.streamConnected(connection.id, local: SocketAddress(local))))
  }

  /// Our end of a connection that stands.
  func local(of connection: StreamSocket) -> SocketAddress {
    var local = system_address()
    _ = system_tcp_connected(connection.descriptor, &local)
    return SocketAddress(local)
  }

  private func writeQueued(_ connection: StreamSocket, _ turn: Turn) {
    var status: Int64 = 0
    connection.write { octets in
      guard octets.count > 0 else { return 0 }
      status = system_tcp_send(connection.descriptor, octets.baseAddress, octets.count)
      return Int(max(0, status))
    }
    if status < 0, status != Streams.again { return lose(connection, turn) }
    if connection.queued == 0, connection.state == .closing {
      drop(connection)
      return
    }
    var wanted = connection.queued > 0 ? UInt32(SYSTEM_WRITE) : 0
    if connection.state != .closing { wanted |= UInt32(SYSTEM_READ) }
    _ = watch(connection.descriptor, connection.id, wanted)
  }

  /// One roomful; the level-triggered loop comes back for more when the others had their turn.
  private func readStream(_ connection: StreamSocket, _ turn: Turn) {
    let got = system_tcp_receive(connection.descriptor, readRoom.baseAddress, Streams.roomSize)
    if got == Streams.again { return }
    guard got > 0 else {
      return endReading(connection, isReset: got < 0 || connection.state == .securing, turn)
    }
    let bytes = UnsafeRawBufferPointer(rebasing: readRoom[..<min(Int(got), Streams.roomSize)])
    if let secure = connection.secure {
      let plain = UnsafeMutableRawBufferPointer(rebasing: readRoom[Streams.roomSize...])
      return take(bytes, secure, connection, into: plain, turn)
    }
    turn.feed(.network(.streamBytes(connection.id, bytes: bytes)))
  }

  /// The peer says no more. It may still listen, so what is queued for it goes out; for the core the
  /// connection is over, and a later answer opens a new one (RFC 3261 §18.2.2).
  func endReading(_ connection: StreamSocket, isReset: Bool, _ turn: Turn) {
    if isReset { return lose(connection, turn) }
    close(connection.id, turn)
    turn.tell(.network(.streamClosed(connection.id)))
  }

  /// Gone without the core's doing: it is told, once.
  func lose(
    _ connection: StreamSocket, because failure: NetworkFailure = .lost, _ turn: Turn
  ) {
    let state = connection.state
    guard drop(connection) else { return }
    switch state {
    case .connecting: turn.tell(.network(.streamFailed(connection.id, failure)))
    case .securing where connection.entrance != nil:
      handshakes.refused(connection.remote, because: failure, at: turn.now)
    case .securing:
      handshakes.failed()
      turn.tell(.network(.streamFailed(connection.id, failure == .lost ? .tlsFailed : failure)))
    case .open where failure == .lost: turn.tell(.network(.streamClosed(connection.id)))
    // A server may look at our certificate when we believe that all is well (RFC 8446 §4.4.2.4).
    case .open: turn.tell(.network(.streamFailed(connection.id, failure)))
    case .closing: break
    }
  }

  /// False: it was gone before.
  @discardableResult
  private func drop(_ connection: StreamSocket) -> Bool {
    guard connections.removeValue(forKey: connection.id) != nil else { return false }
    if connection.state == .securing { handshakes.left(connection.id) }
    system_tcp_finish(connection.descriptor)
    poll.forget(connection.descriptor)
    system_close(connection.descriptor)
    return true
  }

  /// Connects and closes that have taken too long.
  func timePassed(_ turn: Turn) {
    guard turn.now >= deadline else { return }
    let late = connections.values.filter { $0.deadline <= turn.now }
    for connection in late {
      lose(connection, because: connection.state == .securing ? .tlsTimedOut : .timedOut, turn)
    }
    deadline = connections.values.reduce(.distantFuture) { min($0, $1.deadline) }
  }

  func close() {
    for connection in connections.values { system_close(connection.descriptor) }
    connections = [:]
    system_close(spareDescriptor)
    spareDescriptor = -1
  }
}
