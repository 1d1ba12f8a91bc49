import RCMLBasics

/// Requests of ours under way: sending, repeating, matching of responses (RFC 3261 §17.1, §18.1).
final class ClientTransactions {
  private let context: UserAgentContext
  private let transport: TransportLayer
  private let events: EventQueue<TransactionEvent>
  private var clients = SlotTable<ClientTransaction>()
  /// The newest of those whose datagrams went to an address, for ICMP errors; each knows the one before it.
  private var newest: [SocketAddress: UInt64] = [:]
  /// By the connection they went out over; ended ones are swept when the list has doubled.
  private var byConnection: [ConnectionID: (numbers: [UInt64], sweepAt: Int)] = [:]
  /// Those whose transport has failed and that have not been told yet.
  private var failing: [(number: UInt64, failure: NetworkFailure)] = []

  init(
    context: UserAgentContext, transport: TransportLayer, events: EventQueue<TransactionEvent>
  ) {
    self.context = context
    self.transport = transport
    self.events = events
  }

  var count: Int { clients.count }
  /// Of the requests of all of them.
  private(set) var octets = 0

  subscript(number: UInt64) -> ClientTransaction? { clients[number] }

  // MARK: - Beginning

  /// Starts the transaction of a request. `write` adds what comes after CSeq, for which there is `room`, to the end.
  @discardableResult
  func start(
    _ method: Method, for owner: UInt64, head: RequestHead, room: Int,
    at now: Instant, write: (inout RequestWriter) -> Void
  ) -> ClientTransaction {
    let random = context.nextRandom()
    let client = clients.add { number in
      var head = head
      head.branch = Token(number: number, random: random)
      var writer = head.writer(method, room: room)
      write(&writer)
      return ClientTransaction(
        number: number, method: method, owner: owner, head: head,
        bytes: writer.octets())
    }.element
    begin(client, at: now)
    return client
  }

  /// CANCEL has the branch of its INVITE, so it is found by the INVITE's number and the CSeq's method (§9.1).
  func startCancel(
    of invite: ClientTransaction, reasons: [[UInt8]], at now: Instant
  ) -> ClientTransaction {
    let client = clients.add { number in
      ClientTransaction(
        number: number, method: .cancel, owner: invite.owner, head: invite.head,
        bytes: invite.head.cancel(reasons: reasons))
    }.element
    invite.cancel = client.number
    begin(client, at: now)
    return client
  }

  private func begin(_ client: ClientTransaction, at now: Instant) {
    octets += client.bytes.count
    transport.use(client.path.flow)
    switch client.path.flow {
    case .datagram(_, let remote):
      client.older = newest.updateValue(client.number, forKey: remote)
      if let older = client.older { clients[older]?.newer = client.number }
    case .stream(let id, _, _): add(client.number, to: id)
    }
    switch client.machine {
    case .invite(var machine):
      let effects = machine.started(at: now)
      client.machine = .invite(machine)
      perform(effects, client, nil, at: now)
    case .request(var machine):
      let effects = machine.started(at: now)
      client.machine = .request(machine)
      perform(effects, client, nil, at: now)
    }
  }

  private func add(_ client: UInt64, to connection: ConnectionID) {
    var list = byConnection.removeValue(forKey: connection) ?? ([], 64)
    if list.numbers.count >= list.sweepAt {
      list.numbers.removeAll { clients[$0] == nil }
      list.sweepAt = max(64, list.numbers.count * 2)
    }
    list.numbers.append(client)
    byConnection[connection] = list
  }

  // MARK: - Inputs

  /// A response finds its transaction by reading its branch. Others are dropped: they are not for us, or too late.
  func take(_ message: Message, _ path: Path, at now: Instant) {
    guard message.viaCount == 1, let client = client(of: message),
      client.method == message.cseqMethod, client.head.cseq == message.cseq
    else {
      context.noteStranger()
      return context.counts.strayResponse()
    }
    switch client.machine {
    case .invite(var machine):
      let effects =
        switch message.statusCode {
        case ..<200: machine.provisionalArrived()
        case 200..<300: machine.answerArrived(at: now)
        case _: machine.rejectionArrived(at: now)
        }
      client.machine = .invite(machine)
      perform(effects, client, (message, path), at: now)
    case .request(var machine):
      let effects =
        message.statusCode < 200 ? machine.provisionalArrived() : machine.finalArrived(at: now)
      client.machine = .request(machine)
      perform(effects, client, (message, path), at: now)
    }
  }

  /// A refusal whose header is too long to be read to its end.
  func take(_ malformed: Malformed, at now: Instant) {
    guard let message = malformed.message, !message.isRequest, let client = client(of: message)
    else { return }
    take(message, client.path, at: now)
  }

  private func client(of message: Message) -> ClientTransaction? {
    guard let token = Token(branch: message.topBranch, secret: context.secret),
      let client = clients[token.number], client.head.branch == token
    else { return nil }
    guard message.cseqMethod == .cancel else { return client }
    return client.cancel.flatMap { clients[$0] }
  }

  func timePassed(_ client: ClientTransaction, at now: Instant) {
    switch client.machine {
    case .invite(var machine):
      let effects = machine.timePassed(at: now)
      if effects.contains(.sendRequest) { context.counts.repetitionSent() }
      client.machine = .invite(machine)
      perform(effects, client, nil, at: now)
    case .request(var machine):
      let effects = machine.timePassed(at: now)
      if effects.contains(.sendRequest) { context.counts.repetitionSent() }
      client.machine = .request(machine)
      perform(effects, client, nil, at: now)
    }
  }

  func destinationRefused(_ destination: SocketAddress, _ failure: NetworkFailure) {
    var numbers: [UInt64] = []
    var next = newest[destination]
    while let number = next {
      numbers.append(number)
      next = clients[number]?.older
    }
    failing += numbers.reversed().map { ($0, failure) }
  }

  func connectionLost(_ id: ConnectionID, _ failure: NetworkFailure) {
    let numbers = byConnection.removeValue(forKey: id)?.numbers ?? []
    failing += numbers.map { ($0, failure) }
  }

  /// One at a time: what the first one's end leads to may change the next. False: there is none.
  func failNext(at now: Instant) -> Bool {
    guard !failing.isEmpty else { return false }
    let (number, failure) = failing.removeFirst()
    guard let client = clients[number] else { return true }
    client.fails(because: failure)
    switch client.machine {
    case .invite(var machine):
      let effects = machine.transportFailed()
      client.machine = .invite(machine)
      perform(effects, client, nil, at: now)
    case .request(var machine):
      let effects = machine.transportFailed()
      client.machine = .request(machine)
      perform(effects, client, nil, at: now)
    }
    return true
  }

  /// The INVITE will have no final response any more (§9.1).
  func abandon(_ number: UInt64, at now: Instant) {
    guard let client = clients[number], case .invite(var machine) = client.machine else { return }
    let effects = machine.abandoned()
    client.machine = .invite(machine)
    perform(effects, client, nil, at: now)
  }

  // MARK: - Effects

  /// A response, and the way it came by.
  private typealias Response = (message: Message, path: Path)

  private func perform(
    _ effects: EffectList<InviteClientTransaction.Effect>, _ client: ClientTransaction,
    _ response: Response?, at now: Instant
  ) {
    for effect in effects {
      switch effect {
      case .sendRequest: transport.send(client.bytes, over: client.path.flow, at: now)
      case .sendAcknowledgement:
        let ack = client.acknowledgement(of: response?.message)
        if ack.isRepetition { context.counts.repetitionSent() }
        transport.send(ack.bytes, over: client.path.flow, at: now)
      case .tellProvisional:
        if let response { events.add(.provisional(client, response.message, response.path)) }
      case .tellAnswer:
        if let response { events.add(.answered(client, response.message, response.path)) }
      case .tellRejection:
        if let response { events.add(.rejected(client, response.message)) }
      case .tellTimeout: events.add(.timedOut(client))
      case .tellTransportError: events.add(.transportFailed(client, client.failure))
      case .end: remove(client)
      }
    }
    schedule(client)
  }

  private func perform(
    _ effects: EffectList<RequestClientTransaction.Effect>, _ client: ClientTransaction,
    _ response: Response?, at now: Instant
  ) {
    for effect in effects {
      switch effect {
      case .sendRequest: transport.send(client.bytes, over: client.path.flow, at: now)
      case .tellProvisional: break
      case .tellFinal:
        if let response { events.add(.finished(client, response.message, response.path)) }
      case .tellTimeout: events.add(.timedOut(client))
      case .tellTransportError: events.add(.transportFailed(client, client.failure))
      case .end: remove(client)
      }
    }
    schedule(client)
  }

  private func remove(_ client: ClientTransaction) {
    guard clients.remove(client.number) != nil else { return }
    octets -= client.bytes.count
    transport.leave(client.path.flow)
    if case .datagram(_, let remote) = client.path.flow { forget(client, at: remote) }
    events.add(.ended(client))
  }

  /// Its neighbours become each other's: nothing is searched.
  private func forget(_ client: ClientTransaction, at remote: SocketAddress) {
    if let older = client.older { clients[older]?.newer = client.newer }
    if let newer = client.newer {
      clients[newer]?.older = client.older
    } else {
      newest[remote] = client.older
    }
  }

  // MARK: - Time

  private func schedule(_ client: ClientTransaction) {
    client.timer.schedule(client.nextDeadline, for: .client(client.number), in: context.timers)
  }

  func fire(_ number: UInt64, due: Instant, at now: Instant) {
    guard let client = clients[number], client.timer.isQueued(at: due) else { return }
    client.timer.clear()
    timePassed(client, at: now)
  }

  /// Is this entry of the queue still good? If it was the owner's, a later one takes its place.
  func keeps(_ number: UInt64, due: Instant) -> Bool {
    guard let client = clients[number], client.timer.isQueued(at: due) else { return false }
    if let next = client.nextDeadline, next.instant <= due { return true }
    client.timer.clear()
    schedule(client)
    return false
  }
}
