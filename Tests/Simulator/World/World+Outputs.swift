import RCMLAgent
import RCMLBasics
import RCMLDial

/// What the agent wants done, done in this world.
extension World {
  func carryOut(_ output: Output) {
    switch output {
    case .send(_, let destination, let bytes) where destination.low == World.stranger.low:
      // Never more out than came in (spec Q-24, failures A6).
      noiseCredit -= bytes.count
      if noiseCredit < 0 { watch.fail(.amplification, "a stranger got more than it sent") }
    case .send(_, let destination, let bytes):
      see(bytes, isStream: false)
      trace.note(now, destination, bytes)
      datagram(bytes, to: destination)
    case .openStream(let id, let destination): openStream(id, to: destination)
    case .sendStream(let id, let bytes):
      see(bytes, isStream: true)
      trace.note(now, streams[id].map { phones[$0.phone].address }, bytes)
      if let phone = streams[id]?.phone { write(bytes, on: id, towards: phone) }
    case .closeStream(let id): streams[id]?.isOpen = false
    case .resolve(let id, let host): resolve(id, String(decoding: host, as: UTF8.self))
    case .findServices(let id, let name): findServices(id, String(decoding: name, as: UTF8.self))
    case .findPointers(let id, let name): findPointers(id, String(decoding: name, as: UTF8.self))
    case .useNameServers: break
    case .findRoute(let destination):
      hand(.routeFound(to: destination, local: World.agentAddress))
    case .exchange(let id, let exchange):
      watch.asked(exchange)
      saw(exchange)
      if let sound = exchange.sound { soundExchanges[id] = sound }
      let folder = exchange.url.split(separator: "/").dropFirst(2).first.map(String.init) ?? ""
      watch.screeningAsked(id.number, folder, String(decoding: exchange.body, as: UTF8.self))
      answer(id, exchange)
    case .abortExchange(let id):
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
    if case .credentials(let id, _, _, let realm, let host) = event {
      return wanted(id, realm, host)
    }
    if case .target(let id, _, _) = event {
      // Mostly in time; what it says changes nobody's address, only whether, and when, they are dialled.
      guard hostDice.chance(90) else { return }
      let after = hostDice.one(of: [0, 1, 40, hostDice.within(0...11_000)])
      return agenda.add(
        .target(id, hostDice.chance(85) ? .asItIs : .denied), at: now + .milliseconds(after))
    }
    guard case .incoming(let call, _, _, _) = event else { return }
    calls.append(call)
    if case .host(_, let after) = scenario.serving {
      agenda.add(.host(call), at: now + .milliseconds(after))
    }
  }

  /// The host knows every callee's password, and mostly says it.
  private func wanted(_ id: ExchangeID, _ realm: String, _ host: String) {
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
