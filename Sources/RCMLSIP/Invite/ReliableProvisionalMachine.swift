import RCMLBasics

/// Our provisional responses that a caller acknowledges with PRACK: RFC 3262 §3, §5, spec U-21.
///
/// A PRACK with an offer proves that the response has arrived, so nothing is repeated or held back any more; but the
/// offer is refused, and the same response may be acknowledged once more without one (§3 wants a 2xx for it, §5 has no
/// way to say no to an offer: this is what is left).
/// Table: ReliableProvisionalMachine.table.md.
public struct ReliableProvisionalMachine {
  public enum Effect: UInt8, Sendable {
    /// With the next RSeq.
    case sendRinging = 1
    case queueRinging
    /// The same octets again.
    case repeatRinging
    /// The first of the queue is due.
    case sendNext
    case sendAnswer
    case holdAnswer
    /// 200 to the PRACK.
    case acceptAcknowledgement
    /// 481 to the PRACK.
    case refuseStray
    /// 488 to the PRACK.
    case refuseOffer
    /// 504 to the INVITE.
    case giveUp
  }

  private enum State {
    /// Nothing is unacknowledged.
    case idle
    /// An 18x without SDP is repeated until its PRACK.
    case waiting(Repetition)
    /// An 18x whose SDP is the answer is repeated until its PRACK.
    case answering(Repetition)
    /// As answering, and our 2xx is ready.
    case holding(Repetition)
    /// The PRACK brought an offer and was refused; it may come again without.
    case refused
    /// Our 2xx has overtaken the PRACK, which may still come.
    case late
    case over
  }

  /// At T1, 2·T1, 4·T1 … without the bound of T2, for 64·T1 (§3).
  private struct Repetition {
    var interval = TransactionTimers.t1
    var next: Instant
    var end: Instant

    init(at now: Instant) {
      next = now + TransactionTimers.t1
      end = now + TransactionTimers.t64
    }

    mutating func again(at now: Instant) {
      interval = interval * 2
      next = now + interval
    }

    var nextDeadline: Deadline {
      next < end
        ? Deadline(next, .provisionalRepetition) : Deadline(end, .provisionalAcknowledgement)
    }
  }

  private var state = State.idle

  public init() {}

  /// `hasAnswer`: its SDP answers the INVITE's offer.
  public mutating func rings(hasAnswer: Bool, at now: Instant) -> EffectList<Effect> {
    switch state {
    case .idle, .refused:
      state = hasAnswer ? .answering(Repetition(at: now)) : .waiting(Repetition(at: now))
      return EffectList(.sendRinging)
    case .waiting, .answering:
      return EffectList(.queueRinging)
    case .holding, .late, .over:
      return .none
    }
  }

  /// Our 2xx is asked for.
  public mutating func answers() -> EffectList<Effect> {
    switch state {
    case .idle:
      state = .over
      return EffectList(.sendAnswer)
    case .waiting, .refused:
      state = .late
      return EffectList(.sendAnswer)
    case .answering(let repetition):
      state = .holding(repetition)
      return EffectList(.holdAnswer)
    case .holding, .late, .over:
      return .none
    }
  }

  /// A PRACK whose RAck names the last response.
  public mutating func acknowledged() -> EffectList<Effect> {
    switch state {
    case .idle, .over:
      return EffectList(.refuseStray)
    case .waiting, .answering:
      state = .idle
      return EffectList(.acceptAcknowledgement, .sendNext)
    case .holding:
      state = .over
      return EffectList(.acceptAcknowledgement, .sendAnswer)
    case .refused:
      state = .idle
      return EffectList(.acceptAcknowledgement)
    case .late:
      state = .over
      return EffectList(.acceptAcknowledgement)
    }
  }

  /// The same, with an offer of the caller's.
  public mutating func acknowledgedWithOffer() -> EffectList<Effect> {
    switch state {
    case .idle, .over:
      return EffectList(.refuseStray)
    case .waiting, .answering:
      state = .refused
      return EffectList(.refuseOffer, .sendNext)
    case .holding:
      state = .late
      return EffectList(.refuseOffer, .sendAnswer)
    case .refused, .late:
      return EffectList(.refuseOffer)
    }
  }

  public mutating func timePassed(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .waiting(let repetition), .answering(let repetition), .holding(let repetition):
      if repetition.end <= now {
        state = .over
        return EffectList(.giveUp)
      }
      guard repetition.next <= now else { return .none }
      repeated(at: now)
      return EffectList(.repeatRinging)
    case .idle, .refused, .late, .over:
      return .none
    }
  }

  private mutating func repeated(at now: Instant) {
    switch state {
    case .waiting(var repetition):
      repetition.again(at: now)
      state = .waiting(repetition)
    case .answering(var repetition):
      repetition.again(at: now)
      state = .answering(repetition)
    case .holding(var repetition):
      repetition.again(at: now)
      state = .holding(repetition)
    case .idle, .refused, .late, .over:
      break
    }
  }

  public var nextDeadline: Deadline? {
    switch state {
    case .waiting(let repetition), .answering(let repetition), .holding(let repetition):
      repetition.nextDeadline
    case .idle, .refused, .late, .over: nil
    }
  }

  public var stateName: StaticString {
    switch state {
    case .idle: "idle"
    case .waiting: "waiting"
    case .answering: "answering"
    case .holding: "holding"
    case .refused: "refused"
    case .late: "late"
    case .over: "over"
    }
  }
}
