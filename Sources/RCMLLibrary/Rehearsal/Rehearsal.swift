import CRCML
import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLMedia

/// A document run against scripted parties and a scripted web server, in virtual time and without a network
/// (spec E-7). The same script and seed give the same call, octet for octet.
final class Rehearsal {
  enum Event {
    case input(Input)
    case received([UInt8], ScriptedPhone.Place)
    case command(Command)
    /// The next step of a phone, unless something else happened to it since.
    case step(callID: Substring, turn: Int)
    case callerHangsUp
    /// One of the caller's own steps.
    case callerStep(Int)
  }

  static let origin = Instant(nanoseconds: 1_000_000_000)
  /// One hour more than the longest <Dial> of the defaults.
  static let longest = Interval.seconds(5 * 3600)
  static let inputLimit = 100_000
  static let ipv4 = SocketAddress(ipv4: 0xc000_0201, port: 5060)
  static let ipv6 = SocketAddress(ipv6High: 0x2001_0db8_0000_0000, low: 1, port: 5060)
  static let caller = SocketAddress(ipv4: 0xc000_0202, port: 5060)

  let script: RehearsalScript
  private let teller: RehearsalTeller
  let agent = Agent()
  private(set) var now = Rehearsal.origin
  private(set) var isCallbackLost = false
  /// Why the end was not reached.
  private(set) var overrun: String?

  private var agenda: [(instant: Instant, event: Event)] = []
  private var inputs = 0
  private var caller: ScriptedCaller
  private var phones: [Substring: ScriptedPhone] = [:]
  private var streams: [ConnectionID: SocketAddress] = [:]
  private var legs: [Substring: LegNumber] = [:]
  private var lookups: UInt32 = 0
  /// How long a sound is, in milliseconds, and when a recording began.
  var lengths: [SoundID: Int] = [:]
  var recordings: [RecordingID: Instant] = [:]
  private(set) var hasEnded = false
  private var sid = ""

  init(_ script: RehearsalScript, teller: RehearsalTeller) {
    self.script = script
    self.teller = teller
    caller = ScriptedCaller(from: script.from, to: script.to)
    agent.journal = JournalWriter(product: LibraryVersion.text)
  }

  /// The journal of what happened.
  func run() throws(Failure) -> [UInt8] {
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
      add(.received(caller.invite(), .datagram(Rehearsal.caller)))
      if let after = script.callerHangsUp { add(.callerHangsUp, after: after) }
      planCaller(0)
    }
    while step() {}
    return agent.takeJournal()
  }

  /// SplitMix64 of the seed.
  private func entropy() -> [UInt8] {
    var state = script.seed
    var octets: [UInt8] = []
    while octets.count < 32 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
      octets.append(UInt8(truncatingIfNeeded: (z ^ z >> 31) >> 24))
    }
    return octets
  }

  // MARK: Time

  func add(_ event: Event, after: Interval = .zero) {
    let instant = now + after
    // Behind everything that is planned for the same instant.
    let place = agenda.lastIndex { $0.instant <= instant }.map { $0 + 1 } ?? 0
    agenda.insert((instant, event), at: place)
  }

  func removeMedia(_ isMeant: (MediaEvent) -> Bool) {
    agenda.removeAll {
      if case .input(.media(let event)) = $0.event { return isMeant(event) }
      return false
    }
  }

  /// The call is over, everybody knows it, and nothing more happens in this instant.
  private var isAtRest: Bool {
    guard hasEnded, agenda.first.map({ $0.instant > now }) ?? true else { return false }
    let census = agent.census
    return census.calls == 0 && census.sessions == 0 && census.exchanges == 0
  }

  private func step() -> Bool {
    if isAtRest { return false }
    let deadline = agent.nextDeadline?.instant
    guard let next = [agenda.first?.instant, deadline].compactMap({ $0 }).min() else {
      return false
    }
    if inputs > Rehearsal.inputLimit {
      overrun = "The call made more than \(Rehearsal.inputLimit) steps and was left there."
      return false
    }
    now = max(now, next)
    if overrun == nil, now - Rehearsal.origin > Rehearsal.longest {
      overrun = "The call had not ended after \(Rehearsal.longest.wholeSeconds / 3600) hours."
      _ = agent.perform(.stop, at: now)
      drain()
    } else if let first = agenda.first, first.instant <= now {
      happen(agenda.removeFirst().event)
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
    case .callerHangsUp: say(caller.hangUp(), at: .datagram(Rehearsal.caller))
    case .callerStep(let place): takeCallerStep(place)
    }
  }

  // MARK: The agent

  private func perform(_ command: Command) throws(Failure) {
    inputs += 1
    if case .failure(let refusal) = agent.perform(command, at: now) { throw Failure(refusal) }
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
        if streams[id] != nil { hand(.network(.streamBytes(id, bytes: octets))) }
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
        method: exchange.method, url: exchange.url, body: exchange.body)
      tell(.question(QuestionID(id.number), CallNumber(1), request), answer.status)
      if let sound = exchange.sound {
        soundAnswered(id, sound, answer)
      } else {
        add(.input(.web(id, .answered(answer))))
      }
    case .web(let id, .abort):
      agenda.removeAll {
        if case .input(.web(id, .answered)) = $0.event { return true }
        return false
      }
    case .media(let command): obey(command)
    case .tell(let event): told(event)
    }
  }

  private func carryOut(_ output: NetworkOutput) {
    switch output {
    case .send(_, let destination, let bytes):
      arrived(PhoneMessage(bytes), at: .datagram(destination))
    case .openStream(let id, let destination):
      streams[id] = destination
      var local = destination.family == .ipv4 ? Rehearsal.ipv4 : Rehearsal.ipv6
      local.port = 40_000
      add(.input(.network(.streamConnected(id, local: local))))
    case .sendStream(let id, let bytes):
      if streams[id] != nil { arrived(PhoneMessage(bytes), at: .stream(id)) }
    case .closeStream(let id):
      streams[id] = nil
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
      add(.input(.names(id, .failed)))
    case .useServers:
      break
    }
  }

  private func told(_ event: HostEvent) {
    var status: UInt16 = 0
    switch event {
    case .onCall(let call, .incoming):
      add(.command(.onCall(call, .run(script.document))))
    case .onCall(_, .legStatus(let leg, let status)):
      legs[Substring(status.sid.description)] = leg
    case .onCall(_, .ended):
      hasEnded = true
    case .question(let id, _, let question):
      let answer = answer(to: question)
      if case .request(let code, _, _) = answer { status = code }
      add(.command(.answer(id, answer)))
    case .finding(_, let finding):
      isCallbackLost = isCallbackLost || finding.code == .callbackFailed
    case .onCall, .message, .refused, .drained:
      break
    }
    tell(event, status)
  }

  private func answer(to question: Question) -> HostAnswer {
    switch question {
    case .request(_, let url, _):
      let answer = script.answer(to: url)
      return .request(
        status: answer.status, contentType: answer.contentType, body: answer.body)
    case .target: return .target(.asItIs)
    case .url: return .url(isAllowed: true)
    // Somebody speaks here, if only the asker: what is said takes its time.
    case .speech: return .speech(contentType: "", body: nil)
    case .credentials: return .credentials(username: nil, password: Private(""))
    }
  }

  private func tell(_ event: HostEvent, _ httpStatus: UInt16) {
    learnSid()
    teller.tell(now, event, sid: sid, httpStatus)
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
  private func arrived(_ message: PhoneMessage, at place: ScriptedPhone.Place) {
    let callID = message["Call-ID"]
    if callID == ScriptedCaller.callID[...] { return say(caller.received(message), at: place) }
    if message.isResponse { return }
    if phones[callID] == nil, message.method != "INVITE" || message.hasToTag { return }
    if let invite = phones[callID]?.invite, message.method == "INVITE", !message.hasToTag {
      // The same INVITE once more says nothing new.
      if invite["CSeq"] == message["CSeq"] { return }
      phones[callID]?.place = place
      phones[callID]?.calledAgain(message)
      return plan(callID)
    }
    if let answers = phones[callID]?.answer(message) { return say(answers, at: place) }
    let number = legNumber(of: message)
    phones[callID] = ScriptedPhone(
      place: place, invite: message, number: Int(number), steps: script.steps(of: number))
    plan(callID)
  }

  private func legNumber(of invite: PhoneMessage) -> UInt32 {
    if script.isOutgoing, phones.isEmpty { return 0 }
    if let leg = legs[invite.sid] { return leg.number &+ 1 }
    return UInt32(clamping: phones.count + 1)
  }

  private func plan(_ callID: Substring) {
    guard let phone = phones[callID], let next = phone.steps.first else { return }
    if next.after > .zero, !phone.isSilent, phone.isFresh {
      say([phone.trying()], at: phone.place)
    }
    add(.step(callID: callID, turn: phone.turn), after: next.after)
  }

  private func takeStep(of callID: Substring, _ turn: Int) {
    guard phones[callID]?.turn == turn, let place = phones[callID]?.place,
      let step = phones[callID]?.steps.popFirst()
    else { return }
    switch step.act {
    case .respond(let code):
      if let response = phones[callID]?.respond(code) { received(response, from: place) }
      // After 401, 407 or 3xx the rest waits for another INVITE.
      if code < 300 { plan(callID) }
    case .bye:
      if let bye = phones[callID]?.hangUp() { received(bye, from: place) }
    case .press(let key):
      if let info = phones[callID]?.press(key) { received(info, from: place) }
      plan(callID)
    case .silence:
      break
    case .unreachable:
      switch place {
      case .datagram(let address):
        hand(.network(.datagramRefused(ListenerID(address.family == .ipv4 ? 0 : 2), to: address)))
      case .stream(let id):
        streams[id] = nil
        hand(.network(.streamClosed(id)))
      }
    }
  }

  private func planCaller(_ place: Int) {
    let steps = script.callerSteps
    if place < steps.count { add(.callerStep(place), after: steps[place].after) }
  }

  private func takeCallerStep(_ place: Int) {
    switch script.callerSteps[place].act {
    case .press(let key): say(caller.press(key), at: .datagram(Rehearsal.caller))
    case .bye: say(caller.hangUp(), at: .datagram(Rehearsal.caller))
    case .respond, .silence, .unreachable: break
    }
    planCaller(place + 1)
  }
}
