import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLMedia

/// A document run against scripted parties and a scripted web server, in virtual time and without a network
/// (spec E-7). The same script and seed give the same call, octet for octet.
public final class Rehearsal {
  private enum Event {
    case input(Input)
    case received([UInt8], ScriptedPhone.Place)
    case command(Command)
    /// The next step of a phone, unless something else happened to it since.
    case step(callID: [UInt8], turn: Int)
    case callerHangsUp
    /// One of the caller's own steps.
    case callerStep(Int)
  }

  private static let origin = Instant(nanoseconds: 1_000_000_000)
  /// One hour more than the longest <Dial> of the defaults.
  private static let longest = Interval.seconds(5 * 3600)
  private static let inputLimit = 100_000
  static let ipv4 = SocketAddress(ipv4: 0xc000_0201, port: 5060)
  static let ipv6 = SocketAddress(ipv6High: 0x2001_0db8_0000_0000, low: 1, port: 5060)
  private static let caller = SocketAddress(ipv4: 0xc000_0202, port: 5060)

  /// How it came out.
  public struct Ending {
    public fileprivate(set) var hasEnded = false
    public fileprivate(set) var isCallbackLost = false
    /// Why the end was not reached.
    public fileprivate(set) var overrun: String?
  }

  public private(set) var ending = Ending()
  private let script: RehearsalScript
  private let report: (RehearsedEvent) -> Void
  private let agent = Agent()
  private var now = Rehearsal.origin
  private var agenda = Agenda<Event>()
  private var inputs = 0
  private var phones: ScriptedPhones
  private var sound = ScriptedSound()
  private var streams: Set<ConnectionID> = []
  private var lookups: UInt32 = 0
  private var sid = ""

  /// `product`: what wrote the journal. `report` hears of every event when it happens.
  public init(
    _ script: RehearsalScript, product: String, report: @escaping (RehearsedEvent) -> Void
  ) {
    self.script = script
    self.report = report
    phones = ScriptedPhones(script)
    agent.journal = JournalWriter(product: product)
  }

  /// The journal of what happened.
  public func run() throws(Refusal) -> [UInt8] {
    // Whoever rehearses wants to know what becomes of callbacks (spec E-8).
    try perform(.set(name: "callback_events", value: "true"))
    for (name, value) in script.settings { try perform(.set(name: name, value: value)) }
    hand(
      .started(
        entropy: entropy(), wall: WallClock(unixMicroseconds: 1_700_000_000_000_000, at: now)))
    for (index, address) in [Rehearsal.ipv4, Rehearsal.ipv6].enumerated() {
      hand(.network(.listening(ListenerID(UInt32(2 * index)), .udp, local: address)))
      hand(.network(.listening(ListenerID(UInt32(2 * index + 1)), .tcp, local: address)))
    }
    if script.isOutgoing {
      try perform(.call(party: script.to, from: script.from, script.document))
      learnSid()
    } else {
      add(.received(phones.callIn(), .datagram(Rehearsal.caller)))
      if let after = script.callerHangsUp { add(.callerHangsUp, after: after) }
      planCaller(0)
    }
    while step() {}
    return agent.takeJournal()
  }

  private func entropy() -> [UInt8] {
    var dice = Dice(script.seed)
    return (0..<32).map { _ in UInt8(truncatingIfNeeded: dice.next() >> 24) }
  }

  // MARK: Time

  private func add(_ event: Event, after: Interval = .zero) {
    agenda.add(event, at: now + after)
  }

  private func removeMedia(_ isMeant: (MediaEvent) -> Bool) {
    agenda.removeAll {
      if case .input(.media(let event)) = $0 { return isMeant(event) }
      return false
    }
  }

  /// The call is over, everybody knows it, and nothing more happens in this instant.
  private var isAtRest: Bool {
    guard ending.hasEnded, agenda.first.map({ $0 > now }) ?? true else { return false }
    let census = agent.census
    return census.calls == 0 && census.sessions == 0 && census.exchanges == 0
  }

  private func step() -> Bool {
    if isAtRest { return false }
    let deadline = agent.nextDeadline?.instant
    guard let next = [agenda.first, deadline].compactMap({ $0 }).min() else {
      if !ending.hasEnded, agent.census.calls > 0 {
        ending.overrun =
          "Nothing ends this call: a sound plays for ever, or nobody does anything more. Let the caller hang up."
      }
      return false
    }
    if inputs > Rehearsal.inputLimit {
      ending.overrun = "The call made more than \(Rehearsal.inputLimit) steps and was left there."
      return false
    }
    now = max(now, next)
    if ending.overrun == nil, now - Rehearsal.origin > Rehearsal.longest {
      ending.overrun =
        "The call had not ended after \(Rehearsal.longest.wholeSeconds / 3600) hours."
      _ = agent.perform(.stop, at: now)
      drain()
    } else if let first = agenda.first, first <= now, let (_, event) = agenda.popFirst() {
      happen(event)
    } else {
      hand(.timePassed)
    }
    return true
  }

  private func happen(_ event: Event) {
    switch event {
    case .input(let input): hand(input)
    case .received(let bytes, let place): received(bytes, from: place)
    case .command(let command):
      // Refused when its call has just ended.
      _ = agent.perform(command, at: now)
      inputs += 1
      drain()
    case .step(let callID, let turn): takeStep(of: callID, turn)
    case .callerHangsUp: say(phones.hangUp(), at: .datagram(Rehearsal.caller))
    case .callerStep(let place): takeCallerStep(place)
    }
  }

  // MARK: The agent

  private func perform(_ command: Command) throws(Refusal) {
    inputs += 1
    if case .failure(let refusal) = agent.perform(command, at: now) { throw refusal }
    drain()
  }

  private func hand(_ input: Input) {
    inputs += 1
    agent.handle(input, at: now)
    drain()
  }

  private func received(_ bytes: [UInt8], from place: ScriptedPhone.Place) {
    bytes.withUnsafeBytes { octets in
      switch place {
      case .datagram(let address):
        let isIPv4 = address.family == .ipv4
        hand(
          .network(
            .datagram(
              ListenerID(isIPv4 ? 0 : 2), from: address,
              local: isIPv4 ? Rehearsal.ipv4 : Rehearsal.ipv6, bytes: octets)))
      case .stream(let id):
        if streams.contains(id) { hand(.network(.streamBytes(id, bytes: octets))) }
      }
    }
  }

  private func drain() {
    while let output = agent.nextOutput() { carryOut(output) }
  }

  private func carryOut(_ output: Output) {
    switch output {
    case .network(let output): carryOut(output)
    case .names(let command): carryOut(command)
    case .web(let id, .begin(let exchange)):
      let answer = script.answer(to: exchange.url)
      let request = Question.request(
        method: exchange.method, url: exchange.url, body: exchange.body, nil)
      tell(.question(QuestionID(id.number), CallNumber(1), request), answer.status)
      guard let sound = exchange.sound else {
        return add(.input(.web(id, .answered(answer))))
      }
      let (loaded, bare) = self.sound.answered(sound, at: exchange.url, answer)
      if let loaded { add(.input(.media(loaded))) }
      add(.input(.web(id, .answered(bare))))
    case .web(let id, .abort):
      agenda.removeAll {
        if case .input(.web(id, .answered)) = $0 { return true }
        return false
      }
    case .media(let command):
      for consequence in sound.perform(command, at: now) { follow(consequence) }
    case .tell(let event): told(event)
    }
  }

  private func carryOut(_ output: NetworkOutput) {
    switch output {
    case .send(_, let destination, let bytes):
      arrived(bytes, over: .udp, at: .datagram(destination))
    case .openSecured(let id, let destination, let domain):
      // Whoever is called here is who he was called for.
      add(.input(.network(.streamSecured(id, peer: domain))))
      carryOut(.openStream(id, to: destination))
    case .openStream(let id, let destination):
      streams.insert(id)
      var local = destination.family == .ipv4 ? Rehearsal.ipv4 : Rehearsal.ipv6
      local.port = 40_000
      add(.input(.network(.streamConnected(id, local: local))))
    case .sendStream(let id, let bytes):
      if streams.contains(id) { arrived(bytes, over: .tcp, at: .stream(id)) }
    case .closeStream(let id):
      streams.remove(id)
    case .closeListener:
      break
    case .findRoute(let destination):
      let local = destination.family == .ipv4 ? Rehearsal.ipv4 : Rehearsal.ipv6
      add(.input(.network(.routeFound(to: destination, local: local))))
    }
  }

  private func carryOut(_ command: NameCommand) {
    switch command {
    case .addresses(let id, _):
      // Every name leads to a place of its own, 198.51.100.x.
      lookups += 1
      let address = SocketAddress(ipv4: 0xc633_6400 + lookups % 250 + 1, port: 0)
      add(.input(.names(id, .addresses([address]))))
    case .services(let id, _), .pointers(let id, _):
      // No name has SRV or NAPTR here: it is looked up itself.
      add(.input(.names(id, .failed(.empty))))
    case .useServers:
      break
    }
  }

  private func follow(_ consequence: ScriptedSound.Consequence) {
    switch consequence {
    case .happens(let event, let after): add(.input(.media(event)), after: after)
    case .neverPlayed(let id): removeMedia { $0 == .played(id) }
    case .neverRecorded(let id):
      removeMedia { if case .recorded(id, _) = $0 { true } else { false } }
    }
  }

  private func told(_ event: HostEvent) {
    var status: UInt16 = 0
    switch event {
    case .onCall(let call, .incoming):
      add(.command(.onCall(call, .run(script.document))))
    case .onCall(_, .legStatus(let leg, let status)):
      phones.learn(leg, sid: status.sid.description)
    case .onCall(_, .ended):
      ending.hasEnded = true
    case .question(let id, _, let question):
      let answer = answer(to: question)
      if case .request(let code, _, _) = answer { status = code }
      add(.command(.answer(id, answer)))
    case .finding(_, let finding):
      if finding.code == .callbackFailed { ending.isCallbackLost = true }
    case .onCall, .message, .refused, .drained:
      break
    }
    tell(event, status)
  }

  private func answer(to question: Question) -> HostAnswer {
    switch question {
    case .request(_, let url, _, _):
      let answer = script.answer(to: url)
      return .request(
        status: answer.status, contentType: answer.contentType, body: answer.body)
    case .target: return .target(.asItIs)
    case .url: return .url(isAllowed: true)
    case .verb: return .verb(.skip)
    // Somebody speaks here, if only the asker: what is said takes its time.
    case .speech: return .speech(contentType: "", body: nil)
    case .credentials: return .credentials(username: nil, password: Private(""))
    }
  }

  private func tell(_ event: HostEvent, _ httpStatus: UInt16) {
    learnSid()
    report(
      RehearsedEvent(
        elapsed: now - Rehearsal.origin, event: event, sid: sid, httpStatus: httpStatus))
  }

  /// The last event of a call comes when the agent has forgotten it.
  private func learnSid() {
    if let known = agent.sid(of: CallNumber(1)) { sid = known.description }
  }

  // MARK: The phones

  private func say(_ messages: [[UInt8]], at place: ScriptedPhone.Place) {
    for message in messages { add(.received(message, place)) }
  }

  /// Whole messages only: the agent writes one a piece.
  private func arrived(_ bytes: [UInt8], over transport: Transport, at place: ScriptedPhone.Place) {
    guard let message = PhoneMessage(bytes, over: transport) else { return }
    switch phones.received(message, at: place) {
    case .says(let messages): say(messages, at: place)
    case .planned: plan(message.callID)
    case .nothing: break
    }
  }

  private func plan(_ callID: [UInt8]) {
    guard let next = phones.plan(callID) else { return }
    say(next.first, at: next.at)
    add(.step(callID: callID, turn: next.turn), after: next.after)
  }

  private func takeStep(of callID: [UInt8], _ turn: Int) {
    guard let step = phones.step(callID, turn: turn) else { return }
    if let says = step.says { received(says, from: step.at) }
    if step.isUnreachable { refuse(step.at) }
    if step.goesOn { plan(callID) }
  }

  /// The network says that nobody is there.
  private func refuse(_ place: ScriptedPhone.Place) {
    switch place {
    case .datagram(let address):
      hand(
        .network(
          .datagramRefused(ListenerID(address.family == .ipv4 ? 0 : 2), to: address, .refused)))
    case .stream(let id):
      streams.remove(id)
      hand(.network(.streamClosed(id)))
    }
  }

  private func planCaller(_ place: Int) {
    let steps = script.callerSteps
    if place < steps.count { add(.callerStep(place), after: steps[place].after) }
  }

  private func takeCallerStep(_ place: Int) {
    say(phones.callerActs(script.callerSteps[place].act), at: .datagram(Rehearsal.caller))
    planCaller(place + 1)
  }
}
