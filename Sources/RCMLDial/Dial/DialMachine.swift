import RCMLBasics
import RCMLDocument

/// Who of a Dial's targets is called when, who wins, and when it is over (spec §5.3, §6); its table is
/// `DialMachine.table.md`. Targets are named by their position in the Dial.
public struct DialMachine: Sendable {
  public enum State: Hashable, Sendable {
    /// Nobody has won yet.
    case racing
    /// The race is decided by an answer, and its winner is being screened (F-4).
    case settled(Int)
    case connected(Int)
    case over
  }

  public enum Input: Hashable, Sendable {
    case begun
    case answered(Int, isScreened: Bool)
    /// Answered, and its digits are being sent: `answered` or `accepted` follows (D-27).
    case sendsDigits(Int)
    /// Answered and, if screened, passed.
    case accepted(Int)
    /// It can no longer be accepted; or it was connected and has ended.
    case out(Int)
    /// Its `completed` was fired: in a sequential Dial the next one's turn.
    case ended(Int)
    /// A code of `x-stop-on` came (E-5).
    case stopCode
    case star
    case callerGone, hostEnded, acknowledgementMissing
    /// A refused screening takes the call with it (C-13, `screening_reject_ends`); or the caller cannot be answered
    /// (L-49).
    case callEnds
    /// Nothing is heard of one of the bridged any more (U-27).
    case mediaLost
    case timePassed
  }

  public enum Effect: Hashable, Sendable {
    case start(Int)
    case screen(Int)
    case connect(Int)
    case giveUp(Party, LegEndReason)
    case over

    public enum Party: Hashable, Sendable {
      case all
      case allExcept(Int)
      /// In calling or ringing; not those in screening (L-31).
      case unanswered
      case only(Int)
    }
  }

  /// A target that waits for its turn, or for its `x-delay`.
  public struct Waiting: Hashable, Sendable {
    public var target: Int
    public var startsAt: Instant
  }

  public private(set) var state = State.racing
  public private(set) var waiting: [Waiting] = []
  /// Who or what ended the Dial before its legs did (M-3).
  public private(set) var endedBy: LegEndReason?

  /// They are few, and a set would be asked for memory each time.
  private var alive: [Int] = []
  private var ringTimeout: Instant?
  private var timeLimit: Instant?

  private let isSequential: Bool
  private let firstAnswerWins: Bool
  private let hangupOnStar: Bool
  private let ringing: Interval
  private let talking: Interval
  private let delays: [Interval]

  /// `delays`: the `x-delay` of each target, in document order (E-1).
  public init(_ dial: Dial, delays: [Interval], firstAnswerWins: Bool) {
    isSequential = dial.sequential
    self.firstAnswerWins = dial.firstAnswerWins ?? firstAnswerWins
    hangupOnStar = dial.hangupOnStar
    ringing = dial.timeout
    talking = dial.timeLimit
    self.delays = delays
  }

  public var nextDeadline: Deadline? {
    var next: Deadline?
    func consider(_ instant: Instant?, _ name: TimerName) {
      guard let instant, instant < (next?.instant ?? .distantFuture) else { return }
      next = Deadline(instant, name)
    }
    consider(ringTimeout, .ringTimeout)
    consider(timeLimit, .timeLimit)
    if !isSequential { for one in waiting { consider(one.startsAt, .retry) } }
    return next
  }

  public mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
    switch state {
    case .racing: return whileRacing(input, now)
    case .settled(let winner): return whileSettled(winner, input, now)
    case .connected(let winner): return whileConnected(winner, input, now)
    case .over: return []
    }
  }

  // MARK: - The states

  private mutating func whileRacing(_ input: Input, _ now: Instant) -> [Effect] {
    switch input {
    case .begun: return begin(now)
    case .answered(let target, let isScreened):
      guard isScreened else { return [] }
      guard firstAnswerWins else { return [.screen(target)] }
      settle(target)
      state = .settled(target)
      return [.giveUp(.allExcept(target), .lostRace), .screen(target)]
    case .sendsDigits(let target):
      guard firstAnswerWins else { return [] }
      settle(target)
      state = .settled(target)
      return [.giveUp(.allExcept(target), .lostRace)]
    case .accepted(let target):
      settle(target)
      return [.giveUp(.allExcept(target), .lostRace), connect(target, now)]
    case .out(let target):
      alive.removeAll { $0 == target }
      // A sequential successor waits for the end, not for the decision (F-10).
      guard alive.isEmpty, !isSequential || waiting.isEmpty else { return [] }
      return waiting.isEmpty ? [finish()] : startNext()
    case .ended:
      guard isSequential, alive.isEmpty, !waiting.isEmpty else { return [] }
      ringTimeout = now + ringing
      return startNext()
    case .stopCode:
      waiting = []
      ringTimeout = nil
      return alive.isEmpty ? [finish()] : [.giveUp(.all, .stopCode)]
    case .callerGone: return endRace(.callerGone)
    case .hostEnded: return endRace(.hostEnded)
    case .acknowledgementMissing: return endRace(.acknowledgementMissing)
    case .callEnds: return endRace(.callEnded)
    case .star, .mediaLost: return []  // L-34: no effect while ringing or screening
    case .timePassed: return raceTimers(now)
    }
  }

  private mutating func whileSettled(
    _ winner: Int, _ input: Input, _ now: Instant
  ) -> [Effect] {
    switch input {
    case .answered(winner, isScreened: true): return [.screen(winner)]  // D-27
    case .accepted(winner): return [connect(winner, now)]
    case .out(winner): return [finish()]
    case .callerGone: return endRace(.callerGone)
    case .hostEnded: return endRace(.hostEnded)
    case .acknowledgementMissing: return endRace(.acknowledgementMissing)
    case .callEnds: return endRace(.callEnded)
    case .begun, .answered, .sendsDigits, .accepted, .out, .ended, .stopCode, .star, .mediaLost,
      .timePassed:
      return []
    }
  }

  private mutating func whileConnected(
    _ winner: Int, _ input: Input, _ now: Instant
  ) -> [Effect] {
    switch input {
    case .out(winner): return [finish()]
    case .callerGone: return endBridge(winner, .callerGone)
    case .hostEnded: return endBridge(winner, .hostEnded)
    case .acknowledgementMissing: return endBridge(winner, .acknowledgementMissing)
    case .star: return hangupOnStar ? endBridge(winner, .star) : []
    case .mediaLost: return endBridge(winner, .mediaLost)
    case .callEnds: return endBridge(winner, .callEnded)
    case .timePassed:
      guard let timeLimit, timeLimit <= now else { return [] }
      return endBridge(winner, .timeLimit)
    case .begun, .answered, .sendsDigits, .accepted, .out, .ended, .stopCode: return []
    }
  }

  // MARK: - Steps

  private mutating func begin(_ now: Instant) -> [Effect] {
    waiting = delays.enumerated().map { Waiting(target: $0.offset, startsAt: now + $0.element) }
    guard !waiting.isEmpty else { return [finish()] }
    ringTimeout = now + ringing
    guard !isSequential else { return startNext() }
    let due = startDue(now)
    return due.isEmpty ? startNext() : due
  }

  private mutating func raceTimers(_ now: Instant) -> [Effect] {
    guard let limit = ringTimeout, limit <= now else { return isSequential ? [] : startDue(now) }
    ringTimeout = nil
    if !isSequential { waiting = [] }
    if alive.isEmpty { return waiting.isEmpty ? [finish()] : [] }
    return [.giveUp(.unanswered, .ringTimeout)]
  }

  private mutating func startDue(_ now: Instant) -> [Effect] {
    var starts: [Effect] = []
    starts.reserveCapacity(waiting.count)
    for one in waiting where one.startsAt <= now {
      alive.append(one.target)
      starts.append(.start(one.target))
    }
    waiting.removeAll { $0.startsAt <= now }
    return starts
  }

  /// Sequential: the next of the document (F-10). Else the one whose delay ends first (E-1).
  private mutating func startNext() -> [Effect] {
    let next =
      isSequential
      ? waiting.indices.first
      : waiting.indices.min { waiting[$0].startsAt < waiting[$1].startsAt }
    guard let next else { return [] }
    let target = waiting.remove(at: next).target
    alive.append(target)
    return [.start(target)]
  }

  private mutating func settle(_ target: Int) {
    waiting = []
    ringTimeout = nil
    alive.removeAll(keepingCapacity: true)
    alive.append(target)
  }

  private mutating func connect(_ target: Int, _ now: Instant) -> Effect {
    state = .connected(target)
    timeLimit = now + talking
    return .connect(target)
  }

  private mutating func endRace(_ why: LegEndReason) -> [Effect] {
    endedBy = why
    return [.giveUp(.all, why), finish()]
  }

  private mutating func endBridge(_ winner: Int, _ why: LegEndReason) -> [Effect] {
    endedBy = why
    return [.giveUp(.only(winner), why), finish()]
  }

  private mutating func finish() -> Effect {
    waiting = []
    ringTimeout = nil
    timeLimit = nil
    state = .over
    return .over
  }
}
