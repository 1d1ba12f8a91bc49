import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// One machine, one input, one output: SIP, documents and Dial married, with no clock, no IO and no chance of
/// its own (README.md).
///
/// `handle` or `perform`, then `nextOutput` until nil, then wait for the next input or for `nextDeadline`. The agent
/// knows whose an input is and whether new calls are taken; what becomes of a call stands in `Call`.
public final class Agent {
  let services = AgentServices()
  private var service = Service.open
  private var isStarted = false
  /// For incoming calls that the host does not run itself; nil = the host does.
  private(set) var defaultDocument: DocumentSource?

  public init() {}

  /// Calls hold what they work with, and it holds them.
  deinit { services.calls.removeAll() }

  /// Set before the first input or command, it is told everything in order; take its octets with `takeJournal`.
  public var journal: JournalWriter? {
    get { services.outputs.journal }
    set { services.outputs.keep(newValue) }
  }

  /// What the journal holds since the last time; empty without one.
  public func takeJournal() -> [UInt8] { services.outputs.takeJournal() }

  public func handle(_ input: Input, at now: Instant) {
    let mayLeaveOut = mayLeaveOut(input, at: now)
    services.outputs.record(input, at: now)
    // What has already arrived counts before what has run out at the same instant.
    if isStarted {
      route(input, at: now)
    } else if case .started(let entropy, let wall) = input {
      isStarted = true
      services.start(entropy, wall)
    }
    settle(at: now)
    passTime(at: now)
    if mayLeaveOut, services.lines.metStranger { services.outputs.leaveOut() }
  }

  /// A datagram of a stranger that is refused may be left out of the journal, where that is wanted (spec Y-7): it
  /// changes nothing, if nothing else happens at its time.
  private func mayLeaveOut(_ input: Input, at now: Instant) -> Bool {
    guard case .network(.datagram) = input, services.outputs.journal != nil,
      !services.settings.journalRefusals
    else { return false }
    return nextDeadline.map { now < $0.instant } ?? true
  }

  public func perform(_ command: Command, at now: Instant) -> Result<CommandResult, Refusal> {
    services.outputs.record(command, at: now)
    let result = obey(command, at: now)
    settle(at: now)
    passTime(at: now)
    services.outputs.record(result)
    return result
  }

  public func nextOutput() -> Output? { services.outputs.popFirst() }

  public var nextDeadline: Deadline? {
    var earliest = services.lines.nextDeadline
    func consider(_ deadline: Deadline?) {
      guard let deadline else { return }
      if let known = earliest, known <= deadline { return }
      earliest = deadline
    }
    consider(services.deadlines.first)
    consider(services.web.nextDeadline)
    consider(services.questions.nextDeadline)
    if case .finishing(let until) = service { consider(Deadline(until, .drain)) }
    if let due = services.outputs.refusals.nextDeadline { consider(Deadline(due, .refusals)) }
    return earliest
  }

  // MARK: service

  /// The first input has come and nobody said that there are to be no more calls.
  var takesCalls: Bool {
    if case .open = service { return isStarted }
    return false
  }

  func set(defaultDocument document: DocumentSource?) { defaultDocument = document }

  func drain() {
    if case .open = service { service = .draining }
    services.lines.drain()
  }

  /// Spec Q-6: unanswered callers get 480, answered parties BYE, every leg its `completed`.
  func stop(at now: Instant) {
    drain()
    if case .draining = service {
      service = .finishing(until: now + services.settings.drainTimeout)
    }
    for call in services.calls.inOrder { call.hangUp(because: .agentStopped, at: now) }
  }

  /// Draining and stopping: told once, when nothing is left to be done or its time is over (spec Q-6, K-13).
  func checkService(at now: Instant) {
    switch service {
    case .open, .drained:
      return
    case .draining:
      guard services.calls.isEmpty else { return }
      service = .finishing(until: now + services.settings.drainTimeout)
      checkService(at: now)
    case .finishing(let until):
      let isQuiet =
        services.calls.isEmpty && services.web.isIdle && services.callbacks.isIdle
        && services.calls.lineCount == 0
      guard isQuiet || until <= now else { return }
      service = .drained
      for call in services.calls.inOrder { call.abandon(at: now) }
      settle(at: now)
      services.outputs.tell(.drained)
    }
  }

  // MARK: for those above

  /// A setting as it is set, by its name (spec Q-35).
  public func setting(_ name: String) -> Result<String, SettingProblem> {
    services.settings.value(name)
  }

  /// Octets the process may have (`max_memory`); 0 = any number. Whoever can, looks and says so (`Input.memory`).
  public var memoryLimit: Int { services.settings.maxMemory }

  /// The host has taken the event of its end: what comes behind it names no call (spec P-1).
  public func endWasTold(of call: CallNumber) { services.calls.endWasTold(of: call) }

  /// The name of a call that has not ended, as far as the host has been told (spec P-1).
  public func sid(of call: CallNumber) -> CallSid? { services.calls.sid(of: call) }

  /// The stream through which a party's frames go; nil: there is none (yet).
  public func frameStream(of leg: LegNumber?, _ number: CallNumber) -> MediaID? {
    let party: Party = leg.map { .leg($0) } ?? .caller
    guard let call = services.calls[number], call.frameMedia(of: party) != nil else { return nil }
    return call.streams.anchored?.stream(of: party)
  }

  /// In which form a party of the host's speaks; nil: the party is not the host's, or speaks in no frames.
  public func frameMedia(of leg: LegNumber?, _ number: CallNumber) -> HostMedia? {
    services.calls[number]?.frameMedia(of: leg.map { .leg($0) } ?? .caller)
  }

  /// A SIP message that is to be mirrored (setting `hep`), once `nextOutput` has returned nil; nil = there is none.
  public func nextMirrored() -> MirroredMessage? { services.outputs.mirror.popFirst() }

  /// Where to; nil = nowhere.
  public var mirrorTarget: MirrorTarget? { services.settings.mirrorTarget }

  /// Whoever speaks TLS for the agent keeps to it.
  public var streamSecurity: StreamSecurity { services.settings.streamSecurity }

  /// Whoever writes the journal and the recordings keeps to them.
  public var fileLimits: FileLimits { services.settings.fileLimits }

  /// Replay only: what becomes of the next caller's credentials, which its journal does not hold.
  func foresee(_ verdict: UInt8) { services.lines.foresee(verdict) }
}
