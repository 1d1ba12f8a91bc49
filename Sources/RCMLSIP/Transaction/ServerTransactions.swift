import RCMLBasics

/// Requests of peers: their transactions and the responses that go out of them (RFC 3261 §17.2, §18.2).
final class ServerTransactions {
  private let context: UserAgentContext
  private let transport: TransportLayer
  private let events: EventQueue<TransactionEvent>
  let keys: RequestKeys
  private var servers = SlotTable<ServerTransaction>()
  private var byKey: [KeyedHash.Digest: UInt64] = [:]
  private var byMergeKey: [KeyedHash.Digest: UInt64] = [:]

  init(
    context: UserAgentContext, transport: TransportLayer, events: EventQueue<TransactionEvent>
  ) {
    self.context = context
    self.transport = transport
    self.events = events
    keys = RequestKeys(hashKey: context.hashKey)
  }

  var count: Int { servers.count }
  /// Of all of them.
  private(set) var octets = 0

  subscript(number: UInt64) -> ServerTransaction? { servers[number] }

  private func find(_ key: KeyedHash.Digest) -> ServerTransaction? {
    byKey[key].flatMap { servers[$0] }
  }

  // MARK: - Inputs

  func take(
    _ message: Message, _ path: Path, local: SocketAddress, isOverdue: Bool = false, at now: Instant
  ) {
    if message.method == .ack { return takeAcknowledgement(message, at: now) }
    let key = keys.transaction(of: message, as: message.method)
    if let server = find(key) {
      server.requestCame(message.bytes.count)
      return repeated(server, at: now)
    }
    let request = ArrivedRequest(
      message: message, key: key, path: path, local: local, isOverdue: isOverdue)
    if message.method == .cancel,
      let server = find(keys.transaction(of: message, as: .invite))
    {
      return events.add(.cancelled(server, by: request))
    }
    events.add(.request(request))
  }

  private func takeAcknowledgement(_ message: Message, at now: Instant) {
    guard let server = find(keys.transaction(of: message, as: .invite)) else {
      return events.add(.acknowledgement(message, owner: nil))
    }
    guard case .invite(var machine) = server.machine else { return }
    let effects = machine.acknowledgementArrived(at: now)
    server.machine = .invite(machine)
    perform(effects, server, message, at: now)
  }

  private func repeated(_ server: ServerTransaction, at now: Instant) {
    context.counts.repetitionReceived()
    switch server.machine {
    case .invite(let machine):
      repeatLast(machine.requestRepeated(), server, isEcho: true, at: now)
    case .request(let machine):
      let effects = machine.requestRepeated()
      if !effects.isEmpty { context.counts.repetitionSent() }
      perform(effects, server, at: now)
    }
  }

  /// The response of an INVITE once more, if its sender may be made to hear that.
  private func repeatLast(
    _ effects: EffectList<InviteServerTransaction.Effect>, _ server: ServerTransaction,
    isEcho: Bool, at now: Instant
  ) {
    guard effects.contains(.sendResponse) else { return perform(effects, server, nil, at: now) }
    guard server.admitsRepetition(server.response.count, isEcho: isEcho) else {
      return schedule(server)
    }
    context.counts.repetitionSent()
    perform(effects, server, nil, at: now)
  }

  /// The same INVITE is under way by another transaction (§8.2.2.2).
  func isMerged(_ message: Message) -> Bool { byMergeKey[keys.merge(of: message)] != nil }

  /// `isInDialog`: its owner counts it (`forgotten`).
  func make(
    _ request: ArrivedRequest, for owner: UInt64, isInDialog: Bool, at now: Instant
  ) -> ServerTransaction {
    let message = request.message
    let mergeKey = isInDialog ? nil : keys.merge(of: message)
    let (number, server) = servers.add { number in
      ServerTransaction(
        number: number, key: request.key, mergeKey: mergeKey, owner: owner, request: message,
        flow: message.responseFlow(over: request.path.flow), source: request.path.flow.remote,
        at: now)
    }
    octets += server.octets
    byKey[request.key] = number
    if let mergeKey { byMergeKey[mergeKey] = number }
    schedule(server)
    return server
  }

  // MARK: - Responses

  /// Answers the request; a transaction that has its final response keeps that one.
  ///
  /// - Parameters:
  ///   - toTag: for a request without one.
  ///   - makesDialog: Record-Route is copied (§12.1.1).
  ///   - write: adds what comes between the copied fields and Content-Length.
  func respond(
    _ code: UInt16, to server: ServerTransaction, toTag: ArraySlice<UInt8>, phrase: [UInt8] = [],
    makesDialog: Bool = false, body: [UInt8] = [], at now: Instant,
    _ write: (inout HeaderWriter) -> Void = { _ in }
  ) {
    guard let request = server.request else { return }
    func written(isCompact: Bool) -> [UInt8] {
      var writer = ResponseWriter(
        to: request, code: code, phrase: phrase[...], source: server.way.source,
        toTag: toTag, copyingRecordRoute: makesDialog, room: body.count, isCompact: isCompact)
      write(&writer.header)
      return writer.finish(body: body)
    }
    var bytes = written(isCompact: false)
    // What makes a dialog is said in full: not every phone reads all of the short names. So is a phrase of somebody's own.
    if !makesDialog, phrase.isEmpty, server.wantsShort(bytes.count) {
      bytes = written(isCompact: true)
    }
    switch server.machine {
    case .invite(var machine):
      let effects =
        switch code {
        case ..<200: machine.provisionalGiven()
        case 200..<300: machine.answerGiven(at: now)
        case _: machine.rejectionGiven(at: now)
        }
      server.machine = .invite(machine)
      if !effects.isEmpty { server.responded(bytes, code: code) }
      perform(effects, server, nil, at: now)
    case .request(var machine):
      let effects = code < 200 ? machine.provisionalGiven() : machine.finalGiven(at: now)
      server.machine = .request(machine)
      if !effects.isEmpty { server.responded(bytes, code: code) }
      perform(effects, server, at: now)
    }
  }

  /// A response of this transaction once more, by the will of the session (our 2xx, a reliable 18x).
  func repeatResponse(_ bytes: [UInt8], to server: ServerTransaction, at now: Instant) {
    server.repeated(bytes.count)
    context.counts.repetitionSent()
    transport.respond(bytes, over: server.way.flow, port: server.way.port, at: now)
  }

  // MARK: - Effects

  private func perform(
    _ effects: EffectList<InviteServerTransaction.Effect>, _ server: ServerTransaction,
    _ ack: Message?, at now: Instant
  ) {
    for effect in effects {
      switch effect {
      case .sendResponse: send(server, at: now)
      case .sendTrying:
        guard let request = server.request else { continue }
        let writer = ResponseWriter(to: request, code: 100, source: server.way.source)
        server.responded(writer.finish(), code: 100)
        send(server, at: now)
      case .tellAcknowledgement:
        if let ack { events.add(.acknowledgement(ack, owner: server.owner)) }
      // The session ended when it gave its 3xx–6xx; a missing ACK changes nothing any more.
      case .tellTimeout, .tellTransportError: break
      case .end: remove(server)
      }
    }
    schedule(server)
  }

  private func perform(
    _ effects: EffectList<RequestServerTransaction.Effect>, _ server: ServerTransaction,
    at now: Instant
  ) {
    for effect in effects {
      switch effect {
      case .sendResponse: send(server, at: now)
      case .tellTransportError: break
      case .end: remove(server)
      }
    }
    schedule(server)
  }

  private func send(_ server: ServerTransaction, at now: Instant) {
    transport.respond(server.response, over: server.way.flow, port: server.way.port, at: now)
  }

  private func remove(_ server: ServerTransaction) {
    guard servers.remove(server.number) != nil else { return }
    octets -= server.octets
    byKey[server.key] = nil
    if let key = server.mergeKey {
      if byMergeKey[key] == server.number { byMergeKey[key] = nil }
    } else {
      events.add(.forgotten(owner: server.owner, octets: server.octets))
    }
  }

  // MARK: - Time

  private func schedule(_ server: ServerTransaction) {
    server.timer.schedule(server.nextDeadline, for: .server(server.number), in: context.timers)
  }

  func fire(_ number: UInt64, due: Instant, at now: Instant) {
    guard let server = servers[number], server.timer.isQueued(at: due) else { return }
    server.timer.clear()
    switch server.machine {
    case .invite(var machine):
      let effects = machine.timePassed(at: now)
      server.machine = .invite(machine)
      repeatLast(effects, server, isEcho: false, at: now)
    case .request(var machine):
      let effects = machine.timePassed(at: now)
      server.machine = .request(machine)
      perform(effects, server, at: now)
    }
  }

  /// Is this entry of the queue still good? If it was the owner's, a later one takes its place.
  func keeps(_ number: UInt64, due: Instant) -> Bool {
    guard let server = servers[number], server.timer.isQueued(at: due) else { return false }
    if let next = server.nextDeadline, next.instant <= due { return true }
    server.timer.clear()
    schedule(server)
    return false
  }
}
