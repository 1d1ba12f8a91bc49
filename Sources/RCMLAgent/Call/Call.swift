import RCMLBasics
import RCMLDial
import RCMLSIP

/// One call: the caller's session, the machine that runs its document, its legs' sessions and their media.
struct Call {
  /// Who does what comes next.
  enum Phase {
    /// An INVITE of ours nobody has taken yet: 480 when `until` comes and the host did nothing.
    case waiting(until: Instant)
    /// The host answered it, or it answered the host, and no document runs.
    case held
    /// Our INVITE to a caller; the document runs once it is answered.
    case calling(DocumentSource)
    /// The document and its machine have it.
    case running(CallMachine)
    /// Over for everybody but the one who removes it.
    case over
  }

  var phase: Phase
  var caller: CallMachine.Caller
  let session: SessionID
  var media: DirectMedia
  var legs: [LegNumber: SessionID] = [:]
  /// The 200 of either direction.
  var answeredAt: Instant?
  /// The host was told that the caller's phone rings.
  var hasRung = false
  /// The deadline that stands in the agent's queue for this call.
  var scheduled: Instant?
  /// Of the caller, for `P-Asserted-Identity` (spec U-4); empty = none.
  var assertedIdentity: [UInt8] = []

  init(phase: Phase, caller: CallMachine.Caller, session: SessionID, media: DirectMedia) {
    self.phase = phase
    self.caller = caller
    self.session = session
    self.media = media
  }

  var isAnswered: Bool { answeredAt != nil }

  var nextDeadline: Deadline? {
    switch phase {
    case .waiting(let until): Deadline(until, .hostAnswer)
    case .running(let machine): machine.nextDeadline
    case .held, .calling, .over: nil
    }
  }

  mutating func wallClock(_ wall: WallClock) {
    guard case .running(var machine) = phase else { return }
    machine.wallClock(wall)
    phase = .running(machine)
  }

  /// What the machine makes of `input`; nothing when no document runs.
  mutating func handle(_ input: CallInput, at now: Instant) -> [CallEffect] {
    guard case .running(var machine) = phase else { return [] }
    // The machine is moved out and in again, so that it is changed in place and not copied.
    phase = .over
    var effects: [CallEffect] = []
    machine.handle(input, at: now, &effects)
    phase = .running(machine)
    return effects
  }
}
