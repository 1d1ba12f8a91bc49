import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia

/// One call, from its first INVITE to `ended`, and all that belongs to it (README.md).
///
/// An object: whoever has an id finds it once in the `CallTable` and holds it. Its parts keep their own state; what it
/// reaches outside it reaches through `services`.
final class CallRun {
  /// Who does what comes next.
  enum Phase {
    /// An INVITE of ours nobody has taken yet: 480 when `until` comes and the host did nothing.
    case waiting(until: Instant)
    /// The host answered it, or it answered the host, and no document runs.
    case held
    /// Our INVITE to a caller; the document runs once it is answered, and nobody answers any more when `until` comes.
    case calling(DocumentSource, until: Instant)
    /// The document and its machine have it.
    case running(CallMachine)
    /// Over, but for a file of the host's that is not whole yet: `ended` is told after it.
    case ending(CallEnd)
    /// Nothing of it is left but lines that are being ended.
    case over
  }

  let number: CallNumber
  let services: AgentServices
  let caller: CallerSide
  let legs = LegLines()
  let streams: CallStreams
  let performances = Performances()
  let recordings = CallRecordings()
  let keys = CallKeys()
  /// nil = it has those of the agent.
  private(set) var ownSettings: OwnSettings?
  private(set) var phase: Phase
  /// The deadline that stands in the agent's queue for this call.
  private(set) var scheduled: Instant?

  init(
    _ number: CallNumber, phase: Phase, caller: CallerSide, streams: CallStreams,
    settings: OwnSettings? = nil, services: AgentServices
  ) {
    self.number = number
    ownSettings = settings
    self.phase = phase
    self.caller = caller
    self.streams = streams
    self.services = services
  }

  var isRunning: Bool {
    if case .running = phase { return true }
    return false
  }

  var isOver: Bool {
    switch phase {
    case .ending, .over: true
    case .waiting, .held, .calling, .running: false
    }
  }

  /// `ended` was not told yet.
  var isHeardOf: Bool {
    if case .over = phase { return false }
    return true
  }

  // MARK: settings

  var rules: CallRules { ownSettings?.rules ?? services.rules }
  /// A copy: where one of them is wanted often, `rules.settings` is read in place.
  var settings: Settings { rules.settings }

  /// Before a document runs on it; those it has stay, but for what is said anew (spec Q-35).
  func set(_ given: [CallSetting]) -> Result<CommandResult, Refusal> {
    switch phase {
    case .running: return .failure(.settingsTooLate)
    case .ending, .over: return .failure(.gone)
    case .waiting, .held, .calling: break
    }
    let before = ownSettings?.given ?? []
    // What was given at its beginning was judged then.
    return services.own(given, isBeginning: false).flatMap { _ in
      services.own(before + given, isBeginning: true)
    }.map {
      ownSettings = $0
      caller.belongs(to: settings.fromDomain)
      return .done
    }
  }

  // MARK: the host

  func tell(_ event: CallEvent) { services.outputs.tell(.onCall(number, event)) }

  func ask(_ id: QuestionID, _ question: Question) {
    services.outputs.tell(.question(id, number, question))
  }

  func tell(_ finding: Finding) { services.outputs.tell(.finding(number, finding)) }

  func warn(_ code: FindingCode, _ text: String) {
    tell(Finding(severity: .warning, code: code, text: text))
  }

  // MARK: what happens

  /// What happened is handled in its turn, behind what happened before it (spec L-30).
  func enqueue(_ input: CallInput) { services.pending.append(input, for: self) }

  /// Why a party is turned away or hung up on now.
  func reason(ofEnding party: Party) -> Reason {
    guard case .running(let machine) = phase else { return Reason(.callEnded) }
    return machine.reason(ofEnding: party) ?? Reason(.callEnded)
  }

  // MARK: the document

  /// The document takes the call over, or replaces the one that runs.
  func run(_ document: DocumentSource) {
    switch phase {
    case .waiting, .held, .calling:
      let machine = CallMachine(
        caller: caller.facts, rules: rules, wall: services.wall,
        random: services.splitRandom())
      phase = .running(machine)
    case .running: break
    case .ending, .over: return
    }
    enqueue(.host(.run(document)))
  }

  /// The document that is to run once the caller we call has answered.
  func wait(with document: DocumentSource) {
    if case .calling(_, let until) = phase { phase = .calling(document, until: until) }
  }

  /// The host takes the call, without a document.
  func hold() { phase = .held }

  /// One input to the machine, and what it wants done.
  func handle(_ input: CallInput, at now: Instant) {
    guard case .running(let machine) = phase else { return }
    let effects = services.lendEffects()
    machine.handle(input, at: now, effects)
    while let effect = effects.popFirst() { perform(effect, at: now) }
    services.giveBack(effects)
    reschedule()
  }

  /// Empty: none runs.
  var documentURL: String {
    guard case .running(let machine) = phase else { return "" }
    return machine.documentURL
  }

  func set(_ wall: WallClock) {
    if case .running(let machine) = phase { machine.wallClock(wall) }
  }

  // MARK: time

  var nextDeadline: Deadline? {
    switch phase {
    case .waiting(let until): return Deadline(until, .hostAnswer)
    case .calling(_, let until): return Deadline(until, .callTimeout)
    case .running(let machine):
      guard let performance = performances.nextDeadline else { return machine.nextDeadline }
      return machine.nextDeadline.map { min($0, performance) } ?? performance
    case .held, .ending, .over: return nil
    }
  }

  /// Puts the call's earliest deadline into the queue if it is not there already.
  func reschedule() {
    guard let deadline = nextDeadline else {
      scheduled = nil
      return
    }
    guard scheduled != deadline.instant else { return }
    scheduled = deadline.instant
    services.deadlines.add(deadline, for: self)
  }

  /// It was taken from the queue.
  func deadlineCame() { scheduled = nil }

  func timePassed(at now: Instant) {
    switch phase {
    case .waiting(let until) where until <= now:
      // The host did nothing: the caller must not wait for ever (480, as RFC 3261 §21.4.18 has it).
      refuse(
        code: 480, phrase: "Temporarily Unavailable", because: .noDocumentGiven, at: now)
    case .calling(_, let until) where until <= now:
      // CANCEL, and nobody waits for what it brings (U-65).
      let reason = Reason(.ringTimeout)
      if let line = caller.line { services.lines.end(line, because: reason, at: now) }
      end(status: .noAnswer, code: nil, side: .engine, because: reason, at: now)
    case .running:
      performances.timePassed(of: self, at: now)
      handle(.timePassed, at: now)
    case .waiting, .held, .calling, .ending, .over:
      reschedule()
    }
  }

  // MARK: the end

  /// The end of a call that runs no document.
  func end(
    status: CallStatus, code: UInt16?, side: HangupSide, because reason: Reason,
    at now: Instant
  ) {
    let duration = caller.answeredAt.map { (now - $0).wholeSeconds } ?? 0
    end(
      CallEnd(
        status: status, sipCode: code, hangupBy: side, duration: duration, reason: reason),
      at: now)
  }

  /// Lines that are being ended may outlive it.
  func end(_ end: CallEnd, at now: Instant) {
    guard !isOver, services.calls[number] === self else { return }
    let isAwaited = recordings.endHostRecording(of: self, at: now)
    phase = isAwaited ? .ending(end) : .over
    for stream in streams.anchored?.streams ?? [] where services.calls.remove(stream) {
      services.outputs.append(.close(stream))
    }
    performances.abandon(of: self)
    services.questions.withdrawAll(of: number)
    if !isAwaited { leave(with: end) }
  }

  /// The last that is heard of it.
  private func leave(with end: CallEnd) {
    phase = .over
    guard services.calls.remove(self) else { return }
    tell(.ended(end))
    services.deadlines.forgetStale()
  }

  /// Its last file is whole, or nobody waits for it any more.
  func fileIsDone() {
    if case .ending(let end) = phase { leave(with: end) }
  }

  /// It could not be brought to its end in time. Its legs are over for everybody but SIP: each still gets its
  /// `completed` (spec Q-6).
  func abandon(at now: Instant) {
    let reason = Reason(.agentStopped)
    for leg in legs.numbers { handle(.leg(leg, .ended), at: now) }
    recordings.giveUp(of: self, at: now)
    guard !isOver else { return }
    end(
      status: caller.isAnswered ? .completed : .canceled, code: nil, side: .host,
      because: reason, at: now)
  }
}
