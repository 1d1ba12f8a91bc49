import CSystem
import RCMLAgent
import RCMLBasics

/// UDP, in batches.
extension Reactor {
  /// A message may begin a call, which costs some hundred microseconds: more of them would keep the host waiting.
  private static let messagesAtOnce: Int32 = 4

  /// Some messages of one listener: the others get their turn before the next.
  func readDatagrams(_ index: Int, _ events: UInt32, _ now: Instant) {
    guard index < listeners.count else { return }
    let listener = listeners[index]
    if events & UInt32(SYSTEM_ERROR) != 0 { readRefusals(listener, now) }
    var bound = listener.bound
    let count = Int(system_inbox_read(inbox, listener.descriptor, &bound, Reactor.messagesAtOnce))
    guard count > 0 else { return }
    counters.datagramsReceived &+= UInt64(count)
    let datagrams = UnsafeBufferPointer(start: system_inbox_datagrams(inbox), count: count)
    for datagram in datagrams {
      feed(
        .datagram(
          listener.id, from: SocketAddress(datagram.from), local: SocketAddress(datagram.local),
          bytes: UnsafeRawBufferPointer(start: datagram.bytes, count: datagram.length)), now)
    }
  }

  /// ICMP errors for what we sent; at most a batch of them, too.
  private func readRefusals(_ listener: ListenerSocket, _ now: Instant) {
    for _ in 0..<SYSTEM_BATCH {
      var destination = system_address()
      guard system_udp_next_error(listener.descriptor, &destination) == 1 else { return }
      feed(.datagramRefused(listener.id, to: SocketAddress(destination)), now)
    }
  }

  func send(
    _ bytes: [UInt8], from id: ListenerID, to destination: SocketAddress, _ now: Instant
  ) {
    guard Int(id.number) < listeners.count else { return }
    let listener = listeners[Int(id.number)]
    if outboxDescriptor != listener.descriptor {
      sendOutbox(now)
      outboxDescriptor = listener.descriptor
      outboxListener = id
    }
    var target = destination.system
    let isAdded = bytes.withUnsafeBytes { octets in
      if system_outbox_add(outbox, octets.baseAddress, octets.count, &target) { return true }
      sendOutbox(now)
      return system_outbox_add(outbox, octets.baseAddress, octets.count, &target)
    }
    if isAdded {
      counters.datagramsSent &+= 1
    } else {
      tell(.datagramRefused(id, to: destination), now)
    }
  }

  /// Sends what was collected. What the kernel refuses outright (no route, too large) is told to the core as if
  /// an ICMP error had come back.
  func sendOutbox(_ now: Instant) {
    guard system_outbox_count(outbox) > 0 else { return }
    let from = outboxListener
    withUnsafeTemporaryAllocation(of: system_address.self, capacity: Int(SYSTEM_BATCH)) { room in
      let refused = system_outbox_send(
        outbox, outboxDescriptor, room.baseAddress, Int32(room.count), &counters.datagramsDropped)
      for address in room[..<min(Int(max(0, refused)), room.count)] {
        tell(.datagramRefused(from, to: SocketAddress(address)), now)
      }
    }
  }
}
