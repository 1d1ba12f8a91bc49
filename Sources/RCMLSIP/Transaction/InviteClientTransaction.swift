import RCMLBasics

/// RFC 3261 §17.1.1, figure 5, as corrected by RFC 6026 §7.2 and §8.4 (state Accepted, timer M).
///
/// Table: InviteClientTransaction.table.md. A row and the code disagree: the row is right.
public struct InviteClientTransaction {
  public enum Effect: UInt8, Sendable {
    case sendRequest = 1
    case sendAcknowledgement
    case tellProvisional
    case tellAnswer
    case tellRejection
    case tellTimeout
    case tellTransportError
    case end
  }

  private enum State {
    /// INVITE sent, nothing heard: timer A (nil when the transport is reliable) and timer B run.
    case calling(a: Instant?, interval: Interval, b: Instant)
    /// A 1xx came: no timer, the INVITE is not repeated.
    case proceeding
    /// A 3xx–6xx was acknowledged; repetitions of it are acknowledged until timer D.
    case completed(d: Instant)
    /// A 2xx came; further ones are passed up until timer M.
    case accepted(m: Instant)
    case terminated
  }

  private var state: State = .terminated
  private let isReliable: Bool

  public init(isReliable: Bool) { self.isReliable = isReliable }

  public mutating func started(at now: Instant) -> EffectList<Effect> {
    state = .calling(
      a: isReliable ? nil : now + TransactionTimers.t1, interval: TransactionTimers.t1,
      b: now + TransactionTimers.t64)
    return EffectList(.sendRequest)
  }

  public mutating func provisionalArrived() -> EffectList<Effect> {
    switch state {
    case .calling, .proceeding:
      state = .proceeding
      return EffectList(.tellProvisional)
    case .completed, .accepted, .terminated:
      return .none
    }
  }

  public mutating func answerArrived(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .calling, .proceeding:
      state = .accepted(m: now + TransactionTimers.t64)
      return EffectList(.tellAnswer)
    case .accepted:
      return EffectList(.tellAnswer)
    case .completed, .terminated:
      return .none
    }
  }

  public mutating func rejectionArrived(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .calling, .proceeding:
      if isReliable {
        state = .terminated
        return EffectList(.sendAcknowledgement, .tellRejection, .end)
      }
      state = .completed(d: now + TransactionTimers.d)
      return EffectList(.sendAcknowledgement, .tellRejection)
    case .completed:
      return EffectList(.sendAcknowledgement)
    case .accepted, .terminated:
      return .none
    }
  }

  public mutating func transportFailed() -> EffectList<Effect> {
    switch state {
    case .calling:
      state = .terminated
      return EffectList(.tellTransportError, .end)
    case .proceeding:
      // Nothing of ours is under way that could have failed; a lost stream cannot bring the response.
      guard isReliable else { return .none }
      state = .terminated
      return EffectList(.tellTransportError, .end)
    case .completed:
      state = .terminated
      return EffectList(.end)
    case .accepted, .terminated:
      return .none
    }
  }

  /// The transaction user gave the INVITE up (RFC 3261 §9.1: no final response 64·T1 after the CANCEL).
  public mutating func abandoned() -> EffectList<Effect> {
    switch state {
    case .calling, .proceeding:
      state = .terminated
      return EffectList(.end)
    case .completed, .accepted, .terminated:
      return .none
    }
  }

  public mutating func timePassed(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .calling(let a, let interval, let b):
      if b <= now {
        state = .terminated
        return EffectList(.tellTimeout, .end)
      }
      guard let a, a <= now else { return .none }
      state = .calling(a: now + interval * 2, interval: interval * 2, b: b)
      return EffectList(.sendRequest)
    case .completed(let end), .accepted(let end):
      guard end <= now else { return .none }
      state = .terminated
      return EffectList(.end)
    case .proceeding, .terminated:
      return .none
    }
  }

  public var nextDeadline: Deadline? {
    switch state {
    case .calling(let a, _, let b):
      if let a, a < b { return Deadline(a, .a) }
      return Deadline(b, .b)
    case .completed(let d): return Deadline(d, .d)
    case .accepted(let m): return Deadline(m, .m)
    case .proceeding, .terminated: return nil
    }
  }

  /// The RFC's name of the state.
  public var stateName: StaticString {
    switch state {
    case .calling: "calling"
    case .proceeding: "proceeding"
    case .completed: "completed"
    case .accepted: "accepted"
    case .terminated: "terminated"
    }
  }
}
