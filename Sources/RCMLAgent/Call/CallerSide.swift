import RCMLBasics
import RCMLDial
import RCMLSIP

/// The caller of a call: who it is, the line to it, and how far it got.
final class CallerSide {
  /// What documents are told of it.
  private(set) var identity: CallMachine.Caller
  /// For `P-Asserted-Identity` (spec U-4); empty = none.
  let assertedIdentity: [UInt8]
  /// The ways its INVITE came by (spec Y-6).
  let trail: CallTrail
  /// Nil = our INVITE waits for its stream.
  private(set) var line: LineID?
  /// The 200 of either direction.
  private(set) var answeredAt: Instant?
  private var hasRung = false
  /// It hears what we send it: it is no stranger's name in an SDP (spec Y-8).
  private(set) var isConfirmed: Bool

  init(
    _ identity: CallMachine.Caller, asserted: [UInt8] = [], trail: CallTrail = CallTrail(),
    isConfirmed: Bool = true,
    line: LineID?
  ) {
    self.identity = identity
    assertedIdentity = asserted
    self.trail = trail.rooted(at: identity.sid.low)
    self.isConfirmed = isConfirmed
    self.line = line
  }

  var isAnswered: Bool { answeredAt != nil }

  /// `from_domain` of the call alone; empty = as it was (spec U-2).
  func belongs(to domain: String) {
    if !domain.isEmpty { identity.localDomain = domain }
  }

  func invited(on line: LineID) { self.line = line }
  func answered(at now: Instant) { answeredAt = now }

  /// True the first time: it has acknowledged something of ours.
  func confirmed() -> Bool {
    defer { isConfirmed = true }
    return !isConfirmed
  }

  /// True the first time.
  func rings() -> Bool {
    defer { hasRung = true }
    return !hasRung
  }

  /// What the machine that runs the document begins with.
  var facts: CallMachine.Caller {
    var facts = identity
    facts.isAnswered = isAnswered
    facts.answeredAt = answeredAt
    return facts
  }
}
