import CSystem
import RCMLAgent
import RCMLBasics

/// SIP over UDP, in batches both ways.
final class Datagrams {
  private let listeners: Listeners
  private let inbox: Inbox
  private let outbox: OpaquePointer
  /// Whose datagrams lie in the outbox.
  private var outboxDescriptor: Int32 = -1
  private var outboxListener = ListenerID(0)

  /// How many the last reading of a socket brought.
  private(set) var lastBatch = 0
  private(set) var received: UInt64 = 0
  private(set) var sent: UInt64 = 0
  /// The socket's buffer was full.
  private(set) var dropped: UInt64 = 0

  /// What would begin a call waits here until there is time.
  private var line = InviteLine()

  /// A message may change a call, which costs a hundred microseconds: more of them would keep the host waiting.
  private static let messagesAtOnce: Int32 = 4
  /// What only stands in line costs little, and the socket has to be emptied faster than it fills.
  private static let waitingAtOnce = 64
  /// A call costs several hundred microseconds to begin, a refusal of an INVITE a tenth of that.
  private static let refusalsAtOnce = 16

  init(listeners: Listeners, inbox: Inbox) throws(ReactorError) {
    guard let outbox = system_outbox_create() else { throw ReactorError.memory }
    self.outbox = outbox
    self.listeners = listeners
    self.inbox = inbox
  }

  deinit { system_outbox_destroy(outbox) }

  /// Some messages of one listener: the others get their turn before the next.
  func read(_ index: Int, _ events: UInt32, _ turn: Turn) {
    guard index < listeners.all.count, listeners.all[index].isOpen else { return }
    let listener = listeners.all[index]
    if events & UInt32(SYSTEM_ERROR) != 0 { readRefusals(listener, turn) }
    var bound = listener.bound
    var (total, heard) = (0, 0)
    defer { lastBatch = total }
    while total < Datagrams.waitingAtOnce, heard < Datagrams.messagesAtOnce {
      let datagrams = inbox.read(
        listener.descriptor, bound: &bound, limit: Datagrams.messagesAtOnce)
      received &+= UInt64(datagrams.count)
      for datagram in datagrams where read(datagram, listener.id, turn) { heard += 1 }
      total += datagrams.count
      guard datagrams.count == Int(Datagrams.messagesAtOnce) else { return }
    }
  }

  /// False: it stands in line.
  private func read(
    _ datagram: system_datagram, _ listener: ListenerID, _ turn: Turn
  ) -> Bool {
    let bytes = UnsafeRawBufferPointer(start: datagram.bytes, count: datagram.length)
    let (from, local) = (SocketAddress(datagram.from), SocketAddress(datagram.local))
    let isInvite = NetworkInput.mayWait(bytes)
    guard isInvite || line.holds(from) && NetworkInput.followsInvites(bytes) else {
      turn.feed(.network(.datagram(listener, from: from, local: local, bytes: bytes)))
      return true
    }
    let arrived =
      datagram.arrived == 0 ? turn.now : min(turn.now, Instant(nanoseconds: datagram.arrived))
    let one = InviteLine.Waiting(
      listener: listener, from: from, local: local, bytes: [UInt8](bytes), arrived: arrived)
    if line.append(one, at: turn.now) { return false }
    turn.feed(.network(.datagramOverdue(listener, from: from, local: local, bytes: bytes)))
    return true
  }

  /// Somebody waits for a call to begin.
  var hasWaiting: Bool { !line.isEmpty }

  /// One call may begin, and those before it that have waited for too long are told so.
  func serveWaiting(_ turn: Turn) {
    for _ in 0...Datagrams.refusalsAtOnce {
      guard let (one, isOverdue) = line.next(at: turn.now) else { return }
      one.bytes.withUnsafeBytes { bytes in
        turn.feed(
          .network(
            isOverdue
              ? .datagramOverdue(one.listener, from: one.from, local: one.local, bytes: bytes)
              : .datagram(one.listener, from: one.from, local: one.local, bytes: bytes)))
      }
      if !isOverdue { return }
    }
  }

  /// ICMP errors for what we sent; at most a batch of them, too.
  private func readRefusals(_ listener: ListenerSocket, _ turn: Turn) {
    for _ in 0..<SYSTEM_BATCH {
      var destination = system_address()
      let error = system_udp_next_error(listener.descriptor, &destination)
      guard error != 0 else { return }
      turn.feed(
        .network(
          .datagramRefused(
            listener.id, to: SocketAddress(destination), NetworkFailure(system: Int(error)))))
    }
  }

  func send(
    _ bytes: [UInt8], from id: ListenerID, to destination: SocketAddress, _ turn: Turn
  ) {
    guard Int(id.number) < listeners.all.count, listeners.all[Int(id.number)].isOpen else {
      return turn.tell(.network(.datagramRefused(id, to: destination, .other)))
    }
    let listener = listeners.all[Int(id.number)]
    if outboxDescriptor != listener.descriptor {
      flush(turn)
      outboxDescriptor = listener.descriptor
      outboxListener = id
    }
    var target = destination.system
    let isAdded = bytes.withUnsafeBytes { octets in
      if system_outbox_add(outbox, octets.baseAddress, octets.count, &target, nil) { return true }
      flush(turn)
      return system_outbox_add(outbox, octets.baseAddress, octets.count, &target, nil)
    }
    if isAdded {
      sent &+= 1
    } else {
      turn.tell(.network(.datagramRefused(id, to: destination, .other)))
    }
  }

  /// Sends what was collected. What the kernel refuses outright (no route, too large) is told to the core as if
  /// an ICMP error had come back.
  func flush(_ turn: Turn) {
    guard system_outbox_count(outbox) > 0 else { return }
    let from = outboxListener
    withUnsafeTemporaryAllocation(of: system_refusal.self, capacity: Int(SYSTEM_BATCH)) { room in
      let refused = system_outbox_send(
        outbox, outboxDescriptor, room.baseAddress, Int32(room.count), &dropped)
      for refusal in room[..<min(Int(max(0, refused)), room.count)] {
        turn.tell(
          .network(
            .datagramRefused(
              from, to: SocketAddress(refusal.address),
              NetworkFailure(system: Int(refusal.error)))))
      }
    }
  }
}
