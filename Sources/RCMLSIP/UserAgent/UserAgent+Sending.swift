import RCMLBasics

/// The one place every message leaves by.
extension UserAgent {
  /// False: the connection is gone, or its queue is full.
  @discardableResult
  mutating func send(_ bytes: [UInt8], over flow: Flow, at now: Instant) -> Bool {
    switch flow {
    case .datagram(let listener, let remote):
      counters.messagesSent &+= 1
      trace(sent: true, .udp, remote, bytes)
      add(.send(listener, to: remote, bytes: bytes))
      return true
    case .stream(let id, let remote):
      guard let connection = connections[id] else { return false }
      switch connection.state {
      case .open:
        connection.lastActivity = now
        counters.messagesSent &+= 1
        trace(sent: true, .tcp, remote, bytes)
        add(.sendStream(id, bytes: bytes))
        return true
      case .connecting:
        guard connection.queuedOctets + bytes.count <= Limits.connectionQueue else { return false }
        connection.queue.append(bytes)
        connection.queuedOctets += bytes.count
        return true
      }
    }
  }

  /// RFC 3261 §18.2.2: over the connection the request came by; if that is gone, a new one to where it came from.
  mutating func respond(
    _ bytes: [UInt8], to request: Message, over flow: Flow, at now: Instant
  ) {
    if send(bytes, over: flow, at: now) { return }
    var address = flow.remote
    address.port = request.topVia.port ?? 5060
    guard let connection = connection(to: address, at: now) else { return }
    send(bytes, over: .stream(connection.id, remote: address), at: now)
  }

  /// The same octets once more.
  mutating func respondAgain(
    _ bytes: [UInt8], to request: Message, over flow: Flow, at now: Instant
  ) {
    counters.retransmissionsSent &+= 1
    respond(bytes, to: request, over: flow, at: now)
  }

  func traced(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    settings.transportLog ? [UInt8](bytes) : []
  }

  mutating func trace(
    sent: Bool, _ transport: Transport, _ peer: SocketAddress, _ bytes: [UInt8]
  ) {
    guard settings.transportLog else { return }
    add(.message(sent: sent, transport, peer: peer, bytes: bytes))
  }
}
