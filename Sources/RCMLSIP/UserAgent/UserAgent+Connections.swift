import RCMLBasics

/// Stream connections: found by the address of the other side, opened on demand, closed when nobody needs them.
extension UserAgent {
  /// The connection to that address, a new one if there is none; nil when there are too many.
  mutating func connection(to remote: SocketAddress, at now: Instant) -> Connection? {
    if let id = connectionsByRemote[remote], let connection = connections[id] { return connection }
    guard connections.count < Limits.connections else { return nil }
    let id = ConnectionID(nextConnection)
    nextConnection += 2
    let connection = Connection(
      id: id, remote: remote, state: .connecting, local: SocketAddress(ipv4: 0, port: 0), at: now)
    connections[id] = connection
    connectionsByRemote[remote] = id
    schedule(connection)
    add(.openStream(id, to: remote))
    return connection
  }

  package mutating func streamAccepted(
    _ id: ConnectionID, on listener: ListenerID, local: SocketAddress, remote: SocketAddress,
    at now: Instant
  ) {
    timePassed(before: now)
    guard connections[id] == nil, connections.count < Limits.connections else {
      add(.closeStream(id))
      return
    }
    let connection = Connection(id: id, remote: remote, state: .open, local: local, at: now)
    connection.shown = shownText(of: local)
    connections[id] = connection
    connectionsByRemote[remote] = id
    schedule(connection)
    dropStaleDeadlines()
  }

  package mutating func streamConnected(_ id: ConnectionID, local: SocketAddress, at now: Instant) {
    timePassed(before: now)
    guard let connection = connections[id], connection.state == .connecting else { return }
    connection.state = .open
    connection.local = local
    connection.shown = shownText(of: local)
    connection.lastActivity = now
    let queue = connection.queue
    connection.queue = []
    connection.queuedOctets = 0
    for bytes in queue { send(bytes, over: .stream(id, remote: connection.remote), at: now) }
    let waiting = connection.waiting
    connection.waiting = []
    for number in waiting {
      guard let outbound = outbounds[number] else { continue }
      tryNext(outbound, at: now)
    }
    schedule(connection)
    dropStaleDeadlines()
  }

  package mutating func streamFailed(_ id: ConnectionID, at now: Instant) {
    timePassed(before: now)
    guard let connection = connections[id] else { return }
    lose(connection, at: now)
    dropStaleDeadlines()
  }

  package mutating func streamClosed(_ id: ConnectionID, at now: Instant) {
    streamFailed(id, at: now)
  }

  /// The connection is no more: what waited for it takes the next address, what went out over it has failed.
  private mutating func lose(_ connection: Connection, at now: Instant) {
    connections[connection.id] = nil
    if connectionsByRemote[connection.remote] == connection.id {
      connectionsByRemote[connection.remote] = nil
    }
    for number in connection.waiting {
      guard let outbound = outbounds[number] else { continue }
      outbound.failure = .unreachable
      outbound.next += 1
      tryNext(outbound, at: now)
    }
    for number in connection.clients {
      guard let client = clients[number] else { continue }
      transportFailed(client, at: now)
    }
  }

  package mutating func streamBytes(
    _ bytes: UnsafeRawBufferPointer, on id: ConnectionID, at now: Instant
  ) {
    timePassed(before: now)
    guard let connection = connections[id], connection.state == .open else { return }
    connection.lastActivity = now
    let flow = Flow.stream(id, remote: connection.remote)
    connection.framer.received(bytes)
    // A refused message may close the connection in the middle of what arrived.
    while connections[id] === connection, let unit = connection.framer.next() {
      connection.incompleteSince = nil
      switch unit {
      case .keepAlive:
        // RFC 5626 §3.5.1: a double CRLF is answered with one.
        add(.sendStream(id, bytes: [13, 10]))
      case .message(let message):
        counters.messagesReceived &+= 1
        trace(sent: false, .tcp, connection.remote, message.bytes)
        take(
          message, Path(flow: flow, shown: connection.shown), local: connection.local, at: now)
      case .malformed(let malformed):
        counters.messagesReceived &+= 1
        trace(sent: false, .tcp, connection.remote, malformed.message?.bytes ?? [])
        refuse(malformed, over: flow, at: now)
      case .broken(let malformed):
        counters.messagesReceived &+= 1
        refuse(malformed, over: flow, at: now)
        close(connection, at: now)
      }
    }
    connection.incompleteSince =
      connection.framer.isMidMessage ? connection.incompleteSince ?? now : nil
    schedule(connection)
    dropStaleDeadlines()
  }

  private mutating func close(_ connection: Connection, at now: Instant) {
    add(.closeStream(connection.id))
    lose(connection, at: now)
  }

  mutating func timePassed(for connection: Connection, at now: Instant) {
    guard let deadline = connection.nextDeadline, deadline.instant <= now else { return }
    if connection.state == .connecting { return close(connection, at: now) }
    if let since = connection.incompleteSince, since + Limits.incompleteMessage <= now {
      refuseIncomplete(connection, at: now)
      return close(connection, at: now)
    }
    // Peers that can reach us only over this connection keep it (spec Q-22).
    let isWaited = connection.clients.contains { clients[$0] != nil }
    if isWaited || connection.sessions > 0 {
      connection.lastActivity = now
    } else {
      close(connection, at: now)
    }
  }

  /// 400 when enough of the message came to know where the answer goes.
  private mutating func refuseIncomplete(_ connection: Connection, at now: Instant) {
    let flow = Flow.stream(connection.id, remote: connection.remote)
    switch connection.framer.givenUp() {
    case .broken(let malformed), .malformed(let malformed):
      refuse(malformed, over: flow, at: now)
    case .message, .keepAlive, nil: break
    }
  }
}
