import RCMLAgent
import RCMLBasics
import RCMLDial

/// What the agent wants done, done in this world.
extension World {
  func carryOut(_ output: Output) {
    note(output)
    switch output {
    case .network(.send(_, let destination, let bytes)) where destination.low == World.stranger.low:
      // Never more out than came in (spec Q-24, failures A6).
      noiseCredit -= bytes.count
      if noiseCredit < 0 { watch.fail(.amplification, "a stranger got more than it sent") }
    case .network(.send(_, let destination, let bytes)):
      checkSecured(bytes, false)
      see(bytes, isStream: false)
      if let message = SipText(bytes) {
        watch.routesSent(message, to: destination)
        watch.reachSent(message, to: destination)
      }
      trace.note(now, destination, bytes)
      datagram(bytes, to: destination)
    case .network(.openStream(let id, let destination)):
      watch.connectionAsked()
      openStream(id, to: destination)
    case .network(.openSecured(let id, let destination, let domain)):
      watch.connectionAsked()
      openSecured(id, to: destination, domain)
    case .network(.sendStream(let id, let bytes)):
      checkSecured(bytes, streams[id]?.isSecured ?? true)
      see(bytes, isStream: true)
      trace.note(now, streams[id].map { phones[$0.phone].address }, bytes)
      if let phone = streams[id]?.phone { write(bytes, on: id, towards: phone) }
    case .network(.closeStream(let id)): streams[id]?.isOpen = false
    case .network(.closeListener(let id)): hand(.network(.listenerClosed(id)))
    case .names(.addresses(let id, let host)): resolve(id, String(decoding: host, as: UTF8.self))
    case .names(.services(let id, let name)):
      findServices(id, String(decoding: name, as: UTF8.self))
    case .names(.pointers(let id, let name)):
      findPointers(id, String(decoding: name, as: UTF8.self))
    case .names(.useServers): break
    case .network(.findRoute(let destination)):
      hand(.network(.routeFound(to: destination, local: World.agentAddress)))
    case .web(let id, .begin(let exchange)):
      watch.asked(exchange)
      watch.trying(id.number, exchange)
      saw(exchange)
      if let sound = exchange.sound { soundExchanges[id] = sound }
      let folder = exchange.url.split(separator: "/").dropFirst(2).first.map(String.init) ?? ""
      watch.screeningAsked(id.number, folder, String(decoding: exchange.body, as: UTF8.self))
      answer(id, exchange)
    case .web(let id, .abort):
      watch.sound?.screenings[id.number] = nil
      aborted.insert(id)
    case .media(let command): obey(command)
    case .tell(let event):
      watch.told(event)
      saw(event)
      host(event)
    }
  }

  private func see(_ bytes: [UInt8], isStream: Bool) {
    if let message = SipText(bytes) {
      watch.sent(message, isStream: isStream)
      saw(message)
    } else {
      watch.sentGarbage(bytes)
    }
  }

  private func host(_ event: HostEvent) {
    switch event {
    case .onCall(let call, .incoming):
      calls.append(call)
      if case .host(_, let after) = scenario.serving {
        agenda.add(.host(call), at: now + .milliseconds(after))
      }
    case .onCall(let call, .host(let party, let action)): hostParty(call, party, action)
    case .question(let id, _, let question): asked(id, question)
    case .onCall, .finding, .message, .refused, .drained: break
    }
  }

  private func asked(_ id: QuestionID, _ question: Question) {
    switch question {
    case .credentials(_, let realm, let host): wanted(id, realm, host)
    case .target:
      if let parties = scenario.hostParties, hostParties.chance(parties.targets) {
        return answerWithParty(id)
      }
      // Mostly in time; what it says changes nobody's address, only whether, and when, they are dialled.
      guard hostDice.chance(90) else { return }
      let after = hostDice.one(of: [0, 1, 40, hostDice.within(0...11_000)])
      agenda.add(
        .target(id, hostDice.chance(85) ? .asItIs : .denied), at: now + .milliseconds(after))
    case .url(_, let url): asked(id, about: url)
    case .verb: break
    case .speech(let text, _, _, _): asked(id, toSay: text)
    case .request: break
    }
  }

  /// Decided by the URL alone, so that the twin of a world gets the same answers (I-C7); the pages of callbacks and
  /// actions are never denied: that they are asked is checked.
  private func asked(_ id: QuestionID, about url: String) {
    let folder = url.split(separator: "/").dropFirst(2).first ?? ""
    let isCallback = folder == "status"
    var dice = Dice(seed).split(url.utf8.reduce(900) { $0 &* 31 &+ UInt64($1) })
    guard isCallback || dice.chance(90) else { return }
    let after = dice.one(of: [0, 1, 40, dice.within(0...11_000)])
    let isAllowed = isCallback || folder == "action" || dice.chance(85)
    let delay = isCallback ? min(after, 9_000) : after
    // Between the milliseconds of everything else, as a callback's answer is (`answer`).
    let lag = Interval(nanoseconds: isCallback ? 500 : 0)
    agenda.add(.url(id, isAllowed), at: now + .milliseconds(delay) + lag)
  }

  /// Decided by the text alone, as above: what the program would say, or something else that is no sound, or nothing.
  private func asked(_ id: QuestionID, toSay text: String) {
    var dice = Dice(seed).split(text.utf8.reduce(950) { $0 &* 31 &+ UInt64($1) })
    guard dice.chance(90) else { return }
    let after = dice.one(of: [0, 1, 40, dice.within(0...11_000)])
    var body: [UInt8]?
    if dice.chance(85), let said = World.speech(text) {
      body = PromptCode.wav(said.code, milliseconds: said.milliseconds)
    }
    if dice.chance(5) { body = [1, 2, 3] }
    agenda.add(.speech(id, body), at: now + .milliseconds(after))
  }

  /// The host knows every callee's password, and mostly says it.
  private func wanted(_ id: QuestionID, _ realm: String, _ host: String) {
    let callee = scenario.callees.indices.first {
      host == "callee\($0).example:5060" || host == World.calleeHost($0) + ":5060"
    }
    guard let callee, hostDice.chance(90) else { return }
    let isGiven = hostDice.chance(80)
    let after = hostDice.one(of: [0, 1, hostDice.within(0...11_000)])
    agenda.add(
      .credentials(id, callee: isGiven ? callee : nil, realm: realm),
      at: now + .milliseconds(after))
  }
}
