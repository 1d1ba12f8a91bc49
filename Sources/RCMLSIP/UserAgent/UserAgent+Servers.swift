import RCMLBasics

/// Requests of peers: their transactions and the responses that go out of them (RFC 3261 §17.2, §18.2).
extension UserAgent {
  /// RFC 3261 §17.2.3: branch, sent-by and method; ACK and CANCEL look for the INVITE's. A request of RFC 2543 is
  /// known by what that section lists instead; its ACK has a To tag its INVITE had not, so that is left out there.
  func serverKey(_ message: Message, as method: Method) -> KeyedHash.Digest {
    var hash = KeyedHash(key: hashKey)
    let via = message.topVia
    hash.combine(method.rawValue)
    if method == .other { combine(message.methodName, &hash) }
    if via.hasMagicCookie {
      combine(via.branch, &hash)
      combine(via.host, &hash)
      hash.combine(UInt64(via.port ?? 5060))
      return hash.digest()
    }
    combine(message.requestURI, &hash)
    combine(message.fromTag, &hash)
    if method != .invite { combine(message.toTag, &hash) }
    combine(message.callID, &hash)
    hash.combine(UInt64(message.cseq))
    combine(via.host, &hash)
    hash.combine(UInt64(via.port ?? 5060))
    combine(via.branch, &hash)
    return hash.digest()
  }

  /// RFC 3261 §8.2.2.2: From tag, Call-ID and CSeq.
  func mergeKey(_ message: Message) -> KeyedHash.Digest {
    var hash = KeyedHash(key: hashKey)
    combine(message.fromTag, &hash)
    combine(message.callID, &hash)
    hash.combine(UInt64(message.cseq))
    return hash.digest()
  }

  private func combine(_ octets: ArraySlice<UInt8>, _ hash: inout KeyedHash) {
    octets.withUnsafeBytes { hash.combine($0) }
    hash.combine(UInt64(octets.count))
  }

  /// RFC 3261 §18.2.2 with RFC 3581 §4: back over the stream; for a datagram to the address it came from, at the
  /// port it came from when the peer asked for that, else at sent-by's. `maddr` is not followed: it would send our
  /// answer wherever a stranger likes (failures A6).
  func responseFlow(_ message: Message, _ flow: Flow) -> Flow {
    guard case .datagram(let listener, var remote) = flow else { return flow }
    let via = message.topVia
    if !via.hasRport { remote.port = via.port ?? 5060 }
    return .datagram(listener, remote: remote)
  }

  mutating func makeServer(
    _ message: Message, key: KeyedHash.Digest, mergeKey: KeyedHash.Digest?, flow: Flow,
    at now: Instant
  ) -> ServerTransaction {
    let way = responseFlow(message, flow)
    let (number, made) = servers.add { number in
      ServerTransaction(
        number: number, key: key, mergeKey: mergeKey, request: message, flow: way,
        source: flow.remote, at: now)
    }
    serversByKey[key] = number
    if let mergeKey { mergeKeys[mergeKey] = number }
    schedule(made)
    return made
  }

  /// Sends this response out of the transaction.
  mutating func give(
    _ code: UInt16, _ bytes: [UInt8], to server: ServerTransaction, at now: Instant
  ) {
    let previous = server.response
    server.response = bytes
    if code >= 200 { server.dropBody() }
    switch server.machine {
    case .invite(var machine):
      let effects =
        switch code {
        case ..<200: machine.provisionalGiven()
        case 200..<300: machine.answerGiven(at: now)
        case _: machine.rejectionGiven(at: now)
        }
      server.machine = .invite(machine)
      // A transaction that has its final response keeps that one.
      if effects.isEmpty { server.response = previous }
      perform(effects, server, nil, at: now)
    case .request(var machine):
      let effects = code < 200 ? machine.provisionalGiven() : machine.finalGiven(at: now)
      server.machine = .request(machine)
      if effects.isEmpty { server.response = previous }
      perform(effects, server, at: now)
    }
  }

  mutating func repeated(_ server: ServerTransaction, at now: Instant) {
    counters.retransmissionsReceived &+= 1
    switch server.machine {
    case .invite(let machine):
      let effects = machine.requestRepeated()
      if !effects.isEmpty { counters.retransmissionsSent &+= 1 }
      perform(effects, server, nil, at: now)
    case .request(let machine):
      let effects = machine.requestRepeated()
      if !effects.isEmpty { counters.retransmissionsSent &+= 1 }
      perform(effects, server, at: now)
    }
  }

  mutating func acknowledged(_ server: ServerTransaction, _ ack: Message, at now: Instant) {
    guard case .invite(var machine) = server.machine else { return }
    let effects = machine.acknowledgementArrived(at: now)
    server.machine = .invite(machine)
    perform(effects, server, ack, at: now)
  }

  mutating func timePassed(for server: ServerTransaction, at now: Instant) {
    switch server.machine {
    case .invite(var machine):
      let effects = machine.timePassed(at: now)
      if effects.contains(.sendResponse) { counters.retransmissionsSent &+= 1 }
      server.machine = .invite(machine)
      perform(effects, server, nil, at: now)
    case .request(var machine):
      let effects = machine.timePassed(at: now)
      server.machine = .request(machine)
      perform(effects, server, at: now)
    }
  }

  private mutating func perform(
    _ effects: EffectList<InviteServerTransaction.Effect>, _ server: ServerTransaction,
    _ ack: Message?, at now: Instant
  ) {
    for effect in effects {
      switch effect {
      case .sendResponse: respond(server.response, to: server.request, over: server.flow, at: now)
      case .sendTrying:
        var writer = ResponseWriter(to: server.request, code: 100, source: server.source)
        server.response = writer.finish()
        respond(server.response, to: server.request, over: server.flow, at: now)
      case .tellAcknowledgement:
        if let ack, let session = server.session { acknowledgementArrived(session, ack, at: now) }
      // The session ended when it gave its 3xx–6xx; a missing ACK changes nothing any more.
      case .tellTimeout, .tellTransportError: break
      case .end: remove(server)
      }
    }
    schedule(server)
  }

  private mutating func perform(
    _ effects: EffectList<RequestServerTransaction.Effect>, _ server: ServerTransaction,
    at now: Instant
  ) {
    for effect in effects {
      switch effect {
      case .sendResponse: respond(server.response, to: server.request, over: server.flow, at: now)
      case .tellTransportError: break
      case .end: remove(server)
      }
    }
    schedule(server)
  }

  private mutating func remove(_ server: ServerTransaction) {
    guard servers.remove(server.number) != nil else { return }
    if server.mergeKey == nil { server.session?.serverTransactions -= 1 }
    serversByKey[server.key] = nil
    if let key = server.mergeKey, mergeKeys[key] == server.number { mergeKeys[key] = nil }
  }
}
