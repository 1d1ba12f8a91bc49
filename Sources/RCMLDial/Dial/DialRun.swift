import RCMLBasics
import RCMLDocument

/// The Dial under way: its race, and what belongs to it beside its legs.
final class DialRun {
  /// How far it has come, beside what its machine knows.
  enum Progress: Hashable {
    /// It begins once the caller is answered (L-3).
    case awaitingAnswer
    case racing
    /// This leg has won, and the caller is being answered for it (L-25).
    case connecting(LegNumber)
    case bridged(LegNumber)
  }

  /// What the caller hears of it, beside its legs.
  private struct Sounds {
    /// The tone before the end of the talk (E-6).
    enum Warning {
      case none
      case due(Instant)
      case playing(PerformanceNumber)
    }

    /// The ringing an answered caller hears (L-35).
    var ringback: PerformanceNumber?
    var warning = Warning.none
  }

  /// What was said of its end before its legs had theirs.
  private struct Ending {
    var callEndsBy: HangupSide?
    var reason: Reason?
  }

  let ordinal: Int
  let verb: Dial
  /// Those that can be dialled here or by the host's help, in document order; the index is P-30.
  let targets: [Target]
  /// What its legs are to offer.
  let media: LegMedia
  /// Max-Forwards is used up: no INVITE (spec U-6).
  let isHopLimit: Bool
  private(set) var machine: DialMachine
  private(set) var progress = Progress.racing
  private(set) var recording: DialRecording?
  private var ending = Ending()
  private var earlyMediaLeg: LegNumber?
  private var sounds = Sounds()
  /// Targets whose turn has come and of whom the host is asked.
  private var asked: [Int] = []

  init(
    _ verb: Dial, ordinal: Int, targets: [Target], media: LegMedia, isHopLimit: Bool,
    firstAnswerWins: Bool
  ) {
    self.verb = verb
    self.ordinal = ordinal
    self.targets = targets
    self.media = media
    self.isHopLimit = isHopLimit
    machine = DialMachine(verb, delays: targets.map(\.delay), firstAnswerWins: firstAnswerWins)
  }

  func handle(_ input: DialMachine.Input, at now: Instant) -> [DialMachine.Effect] {
    machine.handle(input, at: now)
  }

  /// Somebody may be dialled.
  var canDial: Bool { !targets.isEmpty && !isHopLimit }

  /// Who is, or was, bridged with the caller.
  var winner: LegNumber? {
    switch progress {
    case .bridged(let leg): leg
    case .awaitingAnswer, .racing, .connecting: nil
    }
  }

  // MARK: progress

  func awaitAnswer() { progress = .awaitingAnswer }
  func beginRace() { progress = .racing }
  func connect(_ leg: LegNumber) { progress = .connecting(leg) }

  func bridge(_ leg: LegNumber, at now: Instant) {
    progress = .bridged(leg)
    if let length = verb.warning, length < verb.timeLimit {
      sounds.warning = .due(
        now + Interval(nanoseconds: verb.timeLimit.nanoseconds - length.nanoseconds))
    }
  }

  /// On whose account the call ends with it (L-39, C-13); nil = it does not.
  var callEndsBy: HangupSide? { ending.callEndsBy }
  /// Why it ends before its legs have; nil = nobody has said so.
  var endReason: Reason? { ending.reason }

  /// The first word about it stands.
  func ends(because reason: Reason) { ending.reason = ending.reason ?? reason }

  /// The first reason stands, but the host's goes before it.
  func endCallWithIt(by side: HangupSide) {
    ending.callEndsBy = side == .host ? side : ending.callEndsBy ?? side
  }

  // MARK: what the caller hears

  func carryEarlyMedia(of leg: LegNumber) { earlyMediaLeg = leg }

  /// U-20, `always`: the first leg that sends early media keeps the caller's ear.
  func mayCarryEarlyMedia(of leg: LegNumber) -> Bool {
    earlyMediaLeg == nil || earlyMediaLeg == leg
  }

  func beginRingback(_ number: PerformanceNumber) { sounds.ringback = number }

  func endRingback() -> PerformanceNumber? {
    defer { sounds.ringback = nil }
    return sounds.ringback
  }

  var warnsAt: Instant? {
    if case .due(let instant) = sounds.warning { instant } else { nil }
  }

  func beginWarning(_ number: PerformanceNumber) { sounds.warning = .playing(number) }

  func endWarning() -> PerformanceNumber? {
    defer { sounds.warning = .none }
    if case .playing(let number) = sounds.warning { return number }
    return nil
  }

  /// True: the performance was one of its own.
  func finishPerformance(_ number: PerformanceNumber) -> Bool {
    if sounds.ringback == number {
      sounds.ringback = nil
      return true
    }
    guard case .playing(number) = sounds.warning else { return false }
    sounds.warning = .none
    return true
  }

  // MARK: its recording

  func record(_ recording: DialRecording) { self.recording = recording }

  /// nil = none runs.
  func endRecording(at now: Instant) -> DialRecording? {
    guard var ended = recording, ended.endedAt == nil else { return nil }
    ended.endedAt = now
    recording = ended
    return ended
  }

  /// It could not be written. nil = it is not this Dial's.
  func loseRecording(_ sid: String) -> DialRecording? {
    guard let lost = recording, lost.sid == sid else { return nil }
    recording = nil
    return lost
  }

  // MARK: targets the host is asked about

  func ask(about target: Int) { asked.append(target) }

  /// False: nobody waits for this answer.
  func finishQuestion(about target: Int) -> Bool {
    guard let place = asked.firstIndex(of: target) else { return false }
    asked.remove(at: place)
    return true
  }

  /// Who of them is given up; in the order in which they were asked about.
  func dropQuestions(about party: DialMachine.Effect.Party) -> [Int] {
    guard !asked.isEmpty else { return [] }
    let dropped = asked.filter { target in
      switch party {
      case .all, .unanswered: true
      case .allExcept(let kept): target != kept
      case .only(let one): target == one
      }
    }
    asked.removeAll { dropped.contains($0) }
    return dropped
  }
}
