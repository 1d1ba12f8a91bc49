import RCMLBasics
import RCMLDial
import RCMLMedia
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
  /// nil = our INVITE waits for its stream.
  var session: SessionID?
  var media: CallMedia
  /// Where its media may go: the setting as it was when the call began, and `direct` once no port could be had.
  var mediaMode: Settings.Media
  /// The stream that is to become the caller's, and the one that is being opened; nil = none.
  var anchoring: MediaID?
  var opening: MediaID?
  /// What waits for `opening`, in order.
  var backlog: [CallEffect] = []
  /// The INVITE to a caller of ours that waits for its stream.
  var heldInvite: OutgoingInvite?
  var performances: [PerformanceNumber: PerformanceRun] = [:]
  /// The recordings of its Dials that run, by their name.
  var recordings: [String: RecordingID] = [:]
  /// The host's own: its file, and since when.
  var hostRecording: (id: RecordingID, path: String, since: Instant)?
  var lastKeys: [Party: KeyPress] = [:]
  /// A key of the caller that is not passed on; 0 = none (spec L-34).
  var withheldKey: UInt8 = 0
  var legs: [LegNumber: SessionID] = [:]
  /// The 200 of either direction.
  var answeredAt: Instant?
  /// The host was told that the caller's phone rings.
  var hasRung = false
  /// The deadline that stands in the agent's queue for this call.
  var scheduled: Instant?
  /// Of the caller, for `P-Asserted-Identity` (spec U-4); empty = none.
  var assertedIdentity: [UInt8] = []

  init(
    phase: Phase, caller: CallMachine.Caller, session: SessionID?, media: DirectMedia,
    mode: Settings.Media
  ) {
    self.phase = phase
    self.caller = caller
    self.session = session
    self.media = .direct(media)
    mediaMode = mode
  }

  var isAnswered: Bool { answeredAt != nil }

  var nextDeadline: Deadline? {
    switch phase {
    case .waiting(let until): return Deadline(until, .hostAnswer)
    case .running(let machine):
      return performances.values.reduce(machine.nextDeadline) { earliest, run in
        guard let deadline = run.machine.deadline else { return earliest }
        return earliest.map { min($0, deadline) } ?? deadline
      }
    case .held, .calling, .over: return nil
    }
  }

  mutating func changeAnchored(_ change: (inout AnchoredMedia) -> Void) {
    guard case .anchored(var anchored) = media else { return }
    change(&anchored)
    media = .anchored(anchored)
  }

  func wallClock(_ wall: WallClock) {
    if case .running(let machine) = phase { machine.wallClock(wall) }
  }

  /// What the machine makes of `input`; nothing when no document runs.
  func handle(_ input: CallInput, at now: Instant) -> [CallEffect] {
    guard case .running(let machine) = phase else { return [] }
    var effects: [CallEffect] = []
    machine.handle(input, at: now, &effects)
    return effects
  }
}
