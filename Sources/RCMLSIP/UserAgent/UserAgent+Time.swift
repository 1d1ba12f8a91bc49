import RCMLBasics

/// Deadlines: every owner has at most one current entry in the queue; an entry whose owner is gone or has a later
/// deadline is dropped or moved when it comes to the top.
extension UserAgent {
  package var nextDeadline: Deadline? { deadlines.first?.deadline }

  package mutating func timePassed(at now: Instant) {
    while let entry = deadlines.popFirst(dueAt: now) { fire(entry, at: now) }
    dropStaleDeadlines()
  }

  /// What ran out before `now`. What runs out at this very instant comes after what has arrived: an answer beats the
  /// repetition of its request.
  mutating func timePassed(before now: Instant) {
    let last = now + Interval(nanoseconds: -1)
    while let entry = deadlines.popFirst(dueAt: last) { fire(entry, at: now) }
  }

  private mutating func fire(_ entry: DeadlineQueue<UInt64>.Entry, at now: Instant) {
    let due = entry.deadline.instant
    switch entry.deadline.timer {
    case .a, .b, .d, .m, .e, .f, .k:
      guard let client = clients[entry.owner], client.queuedAt == due else { return }
      client.queuedAt = nil
      timePassed(for: client, at: now)
      schedule(client)
    case .trying, .g, .h, .i, .j, .l:
      guard let server = servers[entry.owner], server.queuedAt == due else { return }
      server.queuedAt = nil
      timePassed(for: server, at: now)
      schedule(server)
    case .answerRepetition, .acknowledgement, .provisionalRepetition, .provisionalAcknowledgement,
      .glare, .cancelWait, .sessionRefresh, .sessionExpiry:
      guard let session = sessions[entry.owner], session.queuedAt == due else { return }
      session.queuedAt = nil
      timePassed(for: session, at: now)
      schedule(session)
    case .streamIdle:
      guard let connection = connections[ConnectionID(entry.owner)], connection.queuedAt == due
      else { return }
      connection.queuedAt = nil
      timePassed(for: connection, at: now)
      schedule(connection)
    case .resolution:
      guard let outbound = outbounds[entry.owner], outbound.queuedAt == due else { return }
      lookupsExpired(outbound, at: now)
    default:
      return
    }
  }

  /// What the entry's owner wants now; nil = it no longer wants to be asked by this entry.
  private func current(_ entry: DeadlineQueue<UInt64>.Entry) -> Deadline? {
    let due = entry.deadline.instant
    switch entry.deadline.timer {
    case .a, .b, .d, .m, .e, .f, .k:
      guard let client = clients[entry.owner], client.queuedAt == due else { return nil }
      return client.machine.nextDeadline
    case .trying, .g, .h, .i, .j, .l:
      guard let server = servers[entry.owner], server.queuedAt == due else { return nil }
      return server.machine.nextDeadline
    case .answerRepetition, .acknowledgement, .provisionalRepetition, .provisionalAcknowledgement,
      .glare, .cancelWait, .sessionRefresh, .sessionExpiry:
      guard let session = sessions[entry.owner], session.queuedAt == due else { return nil }
      return session.nextDeadline
    case .streamIdle:
      guard let connection = connections[ConnectionID(entry.owner)], connection.queuedAt == due
      else { return nil }
      return connection.nextDeadline
    case .resolution:
      guard let outbound = outbounds[entry.owner], outbound.queuedAt == due else { return nil }
      return entry.deadline
    default:
      return nil
    }
  }

  /// Keeps `nextDeadline` true: whoever drives us is not woken for nothing.
  mutating func dropStaleDeadlines() {
    while let entry = deadlines.first {
      let wanted = current(entry)
      if let wanted, wanted.instant <= entry.deadline.instant { return }
      _ = deadlines.popFirst()
      guard let wanted else {
        forget(entry)
        continue
      }
      move(entry, to: wanted)
    }
  }

  private func forget(_ entry: DeadlineQueue<UInt64>.Entry) {
    let due = entry.deadline.instant
    switch entry.deadline.timer {
    case .a, .b, .d, .m, .e, .f, .k:
      if let client = clients[entry.owner], client.queuedAt == due { client.queuedAt = nil }
    case .trying, .g, .h, .i, .j, .l:
      if let server = servers[entry.owner], server.queuedAt == due { server.queuedAt = nil }
    case .answerRepetition, .acknowledgement, .provisionalRepetition, .provisionalAcknowledgement,
      .glare, .cancelWait, .sessionRefresh, .sessionExpiry:
      if let session = sessions[entry.owner], session.queuedAt == due { session.queuedAt = nil }
    default:
      break
    }
  }

  private mutating func move(_ entry: DeadlineQueue<UInt64>.Entry, to wanted: Deadline) {
    switch entry.deadline.timer {
    case .a, .b, .d, .m, .e, .f, .k: clients[entry.owner]?.queuedAt = wanted.instant
    case .trying, .g, .h, .i, .j, .l: servers[entry.owner]?.queuedAt = wanted.instant
    case .answerRepetition, .acknowledgement, .provisionalRepetition, .provisionalAcknowledgement,
      .glare, .cancelWait, .sessionRefresh, .sessionExpiry:
      sessions[entry.owner]?.queuedAt = wanted.instant
    case .streamIdle: connections[ConnectionID(entry.owner)]?.queuedAt = wanted.instant
    default:
      break
    }
    deadlines.add(wanted, for: entry.owner)
  }

  mutating func schedule(_ client: ClientTransaction) {
    if let at = deadlines.enqueue(client.machine.nextDeadline, client.number, client.queuedAt) {
      client.queuedAt = at
    }
  }

  mutating func schedule(_ server: ServerTransaction) {
    if let at = deadlines.enqueue(server.machine.nextDeadline, server.number, server.queuedAt) {
      server.queuedAt = at
    }
  }

  mutating func schedule(_ session: Session) {
    if let at = deadlines.enqueue(session.nextDeadline, session.id.number, session.queuedAt) {
      session.queuedAt = at
    }
  }

  mutating func schedule(_ connection: Connection) {
    guard connections[connection.id] === connection else { return }
    if let at = deadlines.enqueue(
      connection.nextDeadline, connection.id.number, connection.queuedAt)
    {
      connection.queuedAt = at
    }
  }
}

extension DeadlineQueue<UInt64> {
  /// The instant at which the owner will be asked from now on; nil = as before.
  fileprivate mutating func enqueue(
    _ wanted: Deadline?, _ owner: UInt64, _ queuedAt: Instant?
  ) -> Instant? {
    guard let wanted else { return nil }
    if let queuedAt, queuedAt <= wanted.instant { return nil }
    add(wanted, for: owner)
    return wanted.instant
  }
}
