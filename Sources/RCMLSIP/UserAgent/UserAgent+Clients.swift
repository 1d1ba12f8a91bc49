import RCMLBasics

/// Requests of ours under way: sending, repeating, matching of responses (RFC 3261 §17.1, §18.1).
extension UserAgent {
  mutating func makeToken(for number: UInt64) -> Token {
    Token(number: number, random: random.next())
  }

  func branch(_ token: Token) -> [UInt8] {
    var writer = ByteWriter(capacity: Via.cookie.count + Token.length)
    writer.append(Via.cookie)
    token.write(to: &writer, secret: secret)
    return writer.bytes
  }

  /// Starts the transaction of a request: `write` makes its octets once its branch is known.
  @discardableResult
  mutating func start(
    _ method: Method, _ purpose: ClientTransaction.Purpose, of session: Session,
    head: RequestHead, over path: Path, at now: Instant, candidates: Outbound? = nil,
    write: (RequestHead) -> [UInt8]
  ) -> UInt64 {
    let random = random.next()
    let secret = secret
    let number = clients.insert { number in
      var head = head
      var branch = ByteWriter(capacity: Via.cookie.count + Token.length)
      branch.append(Via.cookie)
      Token(number: number, random: random).write(to: &branch, secret: secret)
      head.branch = branch.bytes
      return ClientTransaction(
        number: number, random: random, method: method, purpose: purpose, session: session,
        head: head, path: path, bytes: write(head))
    }
    guard let client = clients[number] else { return number }
    client.candidates = candidates
    begin(client, at: now)
    return number
  }

  /// CANCEL has the branch of its INVITE, so it is found by the INVITE's number and the CSeq's method (§9.1).
  mutating func startCancel(of invite: ClientTransaction, reasons: [[UInt8]], at now: Instant) {
    let number = clients.insert { number in
      ClientTransaction(
        number: number, random: invite.random, method: .cancel, purpose: .cancel,
        session: invite.session, head: invite.head, path: invite.path,
        bytes: invite.head.cancel(reasons: reasons))
    }
    guard let client = clients[number] else { return }
    invite.cancel = number
    begin(client, at: now)
  }

  private mutating func begin(_ client: ClientTransaction, at now: Instant) {
    client.session.openTransactions += 1
    switch client.path.flow {
    case .datagram(_, let remote):
      client.place = clientsByDestination[remote]?.count ?? 0
      clientsByDestination[remote, default: []].append(client.number)
    case .stream(let id, _):
      connections[id]?.add(client.number) { clients[$0] != nil }
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

  /// A response finds its transaction by reading its branch. Others are dropped: they are not for us, or too late.
  mutating func takeResponse(_ message: Message, at now: Instant) {
    let via = message.topVia
    guard let token = Token(branch: via.branch, secret: secret), var client = clients[token.number],
      client.random == token.random, message.viaCount == 1
    else {
      counters.strayResponses &+= 1
      return
    }
    if message.cseqMethod == .cancel {
      guard let number = client.cancel, let cancel = clients[number] else {
        counters.strayResponses &+= 1
        return
      }
      client = cancel
    }
    guard client.method == message.cseqMethod, client.head.cseq == message.cseq else {
      counters.strayResponses &+= 1
      return
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
      perform(effects, client, message, at: now)
    case .request(var machine):
      let effects =
        message.statusCode < 200 ? machine.provisionalArrived() : machine.finalArrived(at: now)
      client.machine = .request(machine)
      perform(effects, client, message, at: now)
    }
  }

  mutating func timePassed(for client: ClientTransaction, at now: Instant) {
    switch client.machine {
    case .invite(var machine):
      let effects = machine.timePassed(at: now)
      if effects.contains(.sendRequest) { counters.retransmissionsSent &+= 1 }
      client.machine = .invite(machine)
      perform(effects, client, nil, at: now)
    case .request(var machine):
      let effects = machine.timePassed(at: now)
      if effects.contains(.sendRequest) { counters.retransmissionsSent &+= 1 }
      client.machine = .request(machine)
      perform(effects, client, nil, at: now)
    }
  }

  mutating func transportFailed(_ client: ClientTransaction, at now: Instant) {
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
  }

  mutating func abandon(_ client: ClientTransaction, at now: Instant) {
    guard case .invite(var machine) = client.machine else { return }
    let effects = machine.abandoned()
    client.machine = .invite(machine)
    perform(effects, client, nil, at: now)
  }

  private mutating func perform(
    _ effects: EffectList<InviteClientTransaction.Effect>, _ client: ClientTransaction,
    _ message: Message?, at now: Instant
  ) {
    for effect in effects {
      switch effect {
      case .sendRequest:
        send(client.bytes, over: client.path.flow, at: now)
      case .sendAcknowledgement:
        if !client.acknowledgement.isEmpty {
          counters.retransmissionsSent &+= 1
        } else if let message {
          client.acknowledgement = client.head.acknowledgement(ofResponse: message)
        }
        send(client.acknowledgement, over: client.path.flow, at: now)
      case .tellProvisional:
        if let message { inviteProvisional(client, message, at: now) }
      case .tellAnswer:
        if let message { inviteAnswered(client, message, at: now) }
      case .tellRejection:
        if let message { inviteRejected(client, message, at: now) }
      case .tellTimeout: inviteFailed(client, .timeout, at: now)
      case .tellTransportError: inviteFailed(client, .unreachable, at: now)
      case .end: remove(client)
      }
    }
    schedule(client)
  }

  private mutating func perform(
    _ effects: EffectList<RequestClientTransaction.Effect>, _ client: ClientTransaction,
    _ message: Message?, at now: Instant
  ) {
    for effect in effects {
      switch effect {
      case .sendRequest: send(client.bytes, over: client.path.flow, at: now)
      case .tellProvisional: break
      case .tellFinal:
        if let message, takesChallengeInDialog(client, message, at: now) { continue }
        requestFinished(client, code: message?.statusCode ?? 408, message, at: now)
      // RFC 3261 §8.1.3.1: a timeout counts as 408, a transport error as 503.
      case .tellTimeout: requestFinished(client, code: 408, at: now)
      case .tellTransportError: requestFinished(client, code: 503, at: now)
      case .end: remove(client)
      }
    }
    schedule(client)
  }

  private mutating func remove(_ client: ClientTransaction) {
    guard clients.remove(client.number) != nil else { return }
    if case .datagram(_, let remote) = client.path.flow {
      forget(client, at: remote)
    }
    let session = client.session
    session.openTransactions -= 1
    if session.inviteTransaction == client.number { session.inviteTransaction = nil }
    releaseIfDone(session)
  }

  /// The last one takes the place of the one that goes: no list is searched.
  private mutating func forget(_ client: ClientTransaction, at remote: SocketAddress) {
    guard let last = clientsByDestination[remote]?.popLast() else { return }
    if last != client.number {
      clientsByDestination[remote]?[client.place] = last
      clients[last]?.place = client.place
    } else if clientsByDestination[remote]?.isEmpty == true {
      clientsByDestination[remote] = nil
    }
  }
}
