import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLMedia

/// One simulated world: the agent, its peers and what lies between them, on a virtual clock, decided by one
/// number (failures §3).
package final class World {
  package struct Outcome: Sendable {
    package var seed: UInt64
    package var violation: Violation?
    /// Empty unless it was asked for.
    package var journal: [UInt8]
    /// Inputs the agent got.
    package var inputs: Int
    /// Virtual time that passed.
    package var duration: Interval
    /// What was sent to SIP peers.
    package var trace: SipTrace
    /// Of everything that left the agent, and in full where it was asked for.
    package var digest: BoundaryDigest
    package var hasSound: Bool
    /// RTP packets in and out.
    package var packets: Int
    /// Packets of video that went on.
    package var pictures: Int
  }

  enum Event {
    case datagramToAgent([UInt8], from: Int, source: SocketAddress)
    case datagramToPhone([UInt8], phone: Int)
    case phone(Int, PhoneTimer)
    case streamOpened(ConnectionID)
    case streamRefused(ConnectionID)
    case streamToAgent(ConnectionID, [UInt8])
    case streamToPhone(ConnectionID, [UInt8])
    case streamReset(ConnectionID)
    /// What a lookup came to.
    case looked(Input)
    case answered(ExchangeID, HTTPAnswer)
    case exchangeFailed(ExchangeID, HTTPFailure)
    case host(CallNumber)
    case hostAct(Scenario.HostAct)
    /// The host answers a question; nil = it has none.
    case credentials(QuestionID, callee: Int?, realm: String)
    case target(QuestionID, TargetDecision)
    case url(QuestionID, Bool)
    case speech(QuestionID, [UInt8]?)
    case icmp(SocketAddress)
    case noise([UInt8])
    case sound(SoundEvent)
    case hostParty(HostPartyEvent)
    /// What media has to say, late.
    case media([MediaEvent])
  }

  static let agentHost = "10.0.0.1"
  static let agentAddress = SocketAddress(ipv4: 0x0a00_0001, port: 5060)
  static func calleeHost(_ index: Int) -> String { "10.0.2.\(index + 1)" }
  static let stranger = SocketAddress(ipv4: 0x0a00_0707, port: 5060)
  static let udp = ListenerID(1)
  static let tcp = ListenerID(2)
  /// More inputs than this and the world is not coming to rest.
  static let inputLimit = 60_000

  let seed: UInt64
  let scenario: Scenario
  let agent = Agent()
  package let watch = Watch()
  static let beginning = Instant(nanoseconds: 1_000_000_000)
  var now = World.beginning
  let start: Instant
  var agenda = Agenda<Event>()
  var phones: [Phone] = []
  var phoneIndex: [SocketAddress: Int] = [:]
  var streams: [ConnectionID: Stream] = [:]
  var nextStream: UInt64 = 1
  var network: Dice
  var hostDice: Dice
  var web: Dice
  var names: Dice
  /// What goes by TCP in other worlds goes by TLS here.
  let isSecured: Bool
  /// Callback endpoints answer at once, and always (I-C7).
  let isTwin: Bool
  /// What becomes of each datagram; nil = dice say it (`Walk`).
  var course: Course?
  package var trace = SipTrace()
  package var digest = BoundaryDigest()
  var askedURLs: [ExchangeID: String] = [:]
  /// What the agent did in the words of the reference; nil = nobody wants to know.
  package var seen: [SeenEffect]?
  var seenKeys: Set<[UInt8]> = []
  /// Names of legs by their sid.
  var seenLegs: [String: String] = [:]
  /// How often each page was asked for.
  var visits: [String: Int] = [:]
  var aborted: Set<ExchangeID> = []
  let media: VirtualMedia
  var soundExchanges: [ExchangeID: SoundID] = [:]
  var voices: [Voice] = []
  var voiceIndex: [SocketAddress: Int] = [:]
  var videoIndex: [SocketAddress: Int] = [:]
  var packets = 0
  var calls: [CallNumber] = []
  var hostCallers: [CallNumber: HostPartyScenario.Caller] = [:]
  var hostParties: Dice
  var inputs = 0
  /// Connections that were opened with TLS, and those whose peer was somebody else.
  package internal(set) var securedConnections = 0
  package internal(set) var securedRefusals = 0
  /// Octets the last stranger's datagram had, less those it got.
  var noiseCredit = 0

  package init(
    seed: UInt64, scenario: Scenario? = nil, journals: Bool = false, isTwin: Bool = false,
    hasSound: Bool = true, isSecured: Bool = false
  ) {
    self.seed = seed
    self.isSecured = isSecured
    self.isTwin = isTwin
    if let scenario {
      self.scenario = scenario
    } else if WorldKind(of: seed) == .pointed {
      var writer = PointedWriter(seed: seed)
      self.scenario = writer.draw()
    } else {
      var writer = ScenarioWriter(seed: seed, hasSound: hasSound)
      self.scenario = writer.draw()
    }
    let dice = Dice(seed)
    network = dice.split(2)
    hostDice = dice.split(3)
    web = dice.split(3)
    names = dice.split(6)
    hostParties = dice.split(8)
    media = VirtualMedia(
      seed: seed, wall: WallClock(unixMicroseconds: 1_700_000_000_000_000, at: World.beginning))
    start = now
    if journals { agent.journal = JournalWriter(product: "simulation") }
    // Who is asked about or looked up first is dialled later than the Dial's timer starts: then any age may be too old.
    let isAsked = self.scenario.settings.contains { $0.0 == "ask_targets" }
    let isLocated = self.scenario.callees.contains { $0.isNamed }
    watch.mayMove = isLocated
    watch.shortestTimeout =
      isAsked || isLocated ? .zero : .seconds(self.scenario.shortestTimeout)
    watch.mayDeny = self.scenario.settings.contains { $0.0 == "ask_urls" }
    watch.everyDialHasAction = self.scenario.everyDialHasAction
    // Who is a party of the host's is decided late: then, too, several may answer before one is told of.
    watch.screens = self.scenario.screens || self.scenario.hostParties != nil
    watch.mayScreen = self.scenario.screens
    watch.isPlain = self.scenario.isPlain
    watch.callerHearsNothing = self.scenario.callerHearsNothing
    watch.starEndsEveryDial = self.scenario.starEndsEveryDial
    watch.calledBack = self.scenario.calledBack
    for (index, callee) in self.scenario.callees.enumerated() {
      watch.locks["callee\(index)"] = callee.script.lock
    }
    // Y-11 ends a call as a host does.
    watch.hostInterferes =
      !self.scenario.hostActs.isEmpty
      || self.scenario.settings.contains { $0.name == "max_call_duration" }
    watch.checksSessions = self.scenario.extras != nil
    watch.answersMayWait = (self.scenario.extras?.opensAfter ?? 0) > 0
    watch.checksKeys = self.scenario.extras != nil && self.scenario.sound == nil
    placePhones(dice)
    prepareSound()
  }

  private func placePhones(_ dice: Dice) {
    for (index, script) in scenario.callers.enumerated() {
      let address = SocketAddress(ipv4: 0x0a00_0101 + UInt32(index), port: 5060)
      let phone = Phone(
        name: "caller\(index)", host: "10.0.1.\(index + 1)", address: address,
        role: .caller(script), dice: dice.split(UInt64(1_000 + index)))
      phone.extras = scenario.extras?.callers[index]
      phone.bodies = scenario.extras?.callerBodies[index]
      phone.nat = phone.extras?.nat.map { PhoneNAT($0, isDialled: false) }
      add(phone)
    }
    for (index, callee) in scenario.callees.enumerated() {
      let address = SocketAddress(ipv4: 0x0a00_0201 + UInt32(index), port: 5060)
      let phone = Phone(
        name: "callee\(index)", host: World.calleeHost(index), address: address,
        role: .callee(callee.script), dice: dice.split(UInt64(2_000 + index)))
      phone.extras = scenario.extras?.callees[index]
      phone.bodies = scenario.extras?.calleeBodies[index]
      phone.nat = phone.extras?.nat.map { PhoneNAT($0, isDialled: true) }
      phone.isOnStream = callee.usesStream
      add(phone)
    }
  }

  private func add(_ phone: Phone) {
    for address in phone.routeAddresses { phoneIndex[address] = phones.count }
    phoneIndex[phone.address] = phones.count
    if phone.nat != nil { watch.reach.hosts.insert(phone.address.low) }
    phones.append(phone)
  }

  /// Runs until nothing more can happen, or an invariant broke.
  package func run() -> Outcome {
    begin()
    while watch.violation == nil, step() {}
    if watch.violation == nil { finish() }
    let journal = agent.takeJournal()
    return Outcome(
      seed: seed, violation: watch.violation, journal: journal, inputs: inputs,
      duration: now - start, trace: trace, digest: digest, hasSound: scenario.sound != nil,
      packets: packets,
      pictures: watch.sound?.pictures ?? 0)
  }

  private func begin() {
    var random = Dice(seed).split(4)
    var entropy: [UInt8] = []
    for _ in 0..<32 { entropy.append(UInt8(truncatingIfNeeded: random.next() >> 32)) }
    if names.chance(40) { perform(.set(name: "naptr", value: "true")) }
    for setting in scenario.settings { perform(.set(name: setting.name, value: setting.value)) }
    switch scenario.serving {
    case .defaultText(let text):
      perform(.defaultDocument(.text(secured(Array(text.utf8)), baseURL: "")))
    case .defaultURL(let url): perform(.defaultDocument(.url(url, method: "POST")))
    case .host: break
    }
    let wall = WallClock(unixMicroseconds: 1_700_000_000_000_000, at: now)
    hand(.started(entropy: entropy, wall: wall))
    hand(.network(.listening(World.udp, .udp, local: World.agentAddress)))
    hand(.network(.listening(World.tcp, isSecured ? .tls : .tcp, local: World.agentAddress)))
    for (index, script) in scenario.callers.enumerated() {
      agenda.add(.phone(index, .start), at: now + .milliseconds(script.startsAt))
    }
    for noise in scenario.noise {
      agenda.add(.noise(noise.bytes), at: now + .milliseconds(noise.after))
    }
    startSound()
    startHostParties()
    for act in scenario.hostActs {
      agenda.add(.hostAct(act.act), at: now + .milliseconds(act.after))
    }
  }

  private func step() -> Bool {
    let deadline = agent.nextDeadline
    let mediaDeadline = media.engine.nextDeadline
    let diskInstant = media.nextDiskInstant
    guard
      let next = [agenda.first, deadline?.instant, mediaDeadline, diskInstant].compactMap({ $0 })
        .min()
    else { return false }
    if inputs > World.inputLimit || next - start > .seconds(200_000) {
      watch.fail(.rest, "the world does not come to rest; next is \(String(describing: deadline))")
      return false
    }
    now = max(now, next)
    watch.now = now
    if let first = agenda.first, first <= now, deadline.map({ first <= $0.instant }) ?? true {
      if let (_, event) = agenda.popFirst() { happen(event) }
    } else if let diskInstant, diskInstant <= now {
      diskTimePassed()
    } else if let mediaDeadline, mediaDeadline <= now,
      deadline.map({ mediaDeadline <= $0.instant }) ?? true
    {
      mediaTimePassed()
    } else {
      hand(.timePassed)
      if let after = agent.nextDeadline, after.instant <= now {
        watch.fail(.rest, "the deadline \(after.timer) stands in the past and does not move")
      }
    }
    return true
  }

  private func finish() {
    // Whoever still holds a stream open lets go of it now.
    for id in streams.keys.sorted(by: { $0.number < $1.number }) where streams[id]?.isOpen == true {
      streams[id]?.isOpen = false
      hand(.network(.streamClosed(id)))
    }
    while watch.violation == nil, step() {}
    guard watch.violation == nil else { return }
    watch.finished(agent.census)
    watch.finished(agent.counters)
    finishSound()
  }

  private func happen(_ event: Event) {
    switch event {
    case .datagramToAgent(let bytes, let phone, let source):
      toAgent(bytes, from: phone, source: source)
    case .datagramToPhone(let bytes, let phone):
      guard let message = SipText(bytes) else { return }
      phones[phone].received(message, over: .datagram)
      carry(phone)
      learn(message, phone)
    case .phone(let phone, let timer):
      phones[phone].fired(timer)
      carry(phone)
    case .streamOpened(let id): streamOpened(id)
    case .streamRefused(let id):
      streams[id] = nil
      hand(.network(.streamFailed(id, .refused)))
    case .streamToAgent(let id, let bytes): streamToAgent(id, bytes)
    case .streamToPhone(let id, let bytes): streamToPhone(id, bytes)
    case .streamReset(let id): streamReset(id)
    case .looked(let input): hand(input)
    case .answered(let id, let answer):
      watch.tried(id.number, isFailure: !(200..<400).contains(answer.status))
      watch.screeningSaid(id.number)
      if aborted.remove(id) == nil { hand(.web(id, .answered(keepSound(id, answer)))) }
    case .exchangeFailed(let id, let failure):
      watch.tried(id.number, isFailure: true)
      watch.screeningSaid(id.number)
      if aborted.remove(id) == nil { hand(.web(id, .failed(failure))) }
    case .host(let call):
      guard case .host(let text, _) = scenario.serving else { return }
      perform(.onCall(call, .run(.text(secured(Array(text.utf8)), baseURL: ""))))
    case .hostAct(let act): hostAct(act)
    case .credentials(let id, let callee, let realm):
      if let callee { watch.given.insert("callee\(callee) \(realm)") }
      perform(
        .answer(
          id,
          .credentials(
            username: callee.map { Private(PhoneLock.username(of: $0)) },
            password: Private(callee.map { PhoneLock.password(of: $0) } ?? ""))))
    case .target(let id, let decision): perform(.answer(id, .target(decision)))
    case .url(let id, let isAllowed): perform(.answer(id, .url(isAllowed: isAllowed)))
    case .speech(let id, let body):
      perform(.answer(id, .speech(contentType: "", body: body)))
    case .noise(let bytes):
      noiseCredit = bytes.count
      bytes.withUnsafeBytes { octets in
        hand(
          .network(
            .datagram(World.udp, from: World.stranger, local: World.agentAddress, bytes: octets)))
      }
    case .sound(let event): happen(event)
    case .hostParty(let event): happen(event)
    case .media(let events): hand(events)
    case .icmp(let address): hand(.network(.datagramRefused(World.udp, to: address, .refused)))
    }
  }

  private func hostAct(_ act: Scenario.HostAct) {
    switch act {
    case .hangUp: for call in calls { perform(.onCall(call, .hangUp)) }
    case .endDial: for call in calls { perform(.onCall(call, .endDial)) }
    case .drain: perform(.drain)
    case .stop: perform(.stop)
    case .digit(let key): for call in calls { perform(.onCall(call, .digit(key))) }
    }
  }

  /// Gives the agent an input and carries away what comes of it.
  func hand(_ input: Input) {
    inputs += 1
    watch.now = now
    agent.handle(input, at: now)
    drain()
  }

  func perform(_ command: Command) { _ = self.command(command) }

  func command(_ command: Command) -> Result<CommandResult, Refusal> {
    inputs += 1
    watch.now = now
    let result = agent.perform(command, at: now)
    if case .failure(let refusal) = result { note(.host, "no", [.number(Int(refusal.code))]) }
    drain()
    return result
  }

  private func drain() {
    while let output = agent.nextOutput() { carryOut(output) }
    watch.settled()
  }
}
