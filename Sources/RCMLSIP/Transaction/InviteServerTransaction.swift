import RCMLBasics

/// RFC 3261 §17.2.1, figure 7, as corrected by RFC 6026 §7.1 and §8.5 (state Accepted, timer L).
///
/// 100 is this machine's own duty: it goes out when the transaction user has said nothing for 200 ms (spec U-55).
/// Table: InviteServerTransaction.table.md.
public struct InviteServerTransaction {
  public enum Effect: UInt8, Sendable {
    /// The response handed in last, byte for byte.
    case sendResponse = 1
    /// 100, from now on the response that is repeated.
    case sendTrying
    case tellAcknowledgement
    /// Timer H: nobody acknowledged our 3xx–6xx.
    case tellTimeout
    case tellTransportError
    case end
  }

  private enum State {
    /// Nothing has been said: 100 is due at `trying`.
    case arrived(trying: Instant)
    case proceeding
    /// A 3xx–6xx was sent: repeated by timer G (nil when the transport is reliable) until ACK or timer H.
    case completed(g: Instant?, interval: Interval, h: Instant)
    /// ACK for the 3xx–6xx came; repetitions of it are absorbed until timer I.
    case confirmed(i: Instant)
    /// A 2xx was sent; the session repeats it, this state absorbs INVITEs and passes ACKs up until timer L.
    case accepted(l: Instant)
    case terminated
  }

  private var state: State
  private let isReliable: Bool

  public init(isReliable: Bool, at now: Instant) {
    self.isReliable = isReliable
    state = .arrived(trying: now + TransactionTimers.trying)
  }

  /// The same INVITE again. In Proceeding there is always a response to repeat, 100 at least.
  public func requestRepeated() -> EffectList<Effect> {
    switch state {
    case .proceeding, .completed: return EffectList(.sendResponse)
    case .arrived, .confirmed, .accepted, .terminated: return .none
    }
  }

  public mutating func provisionalGiven() -> EffectList<Effect> {
    switch state {
    case .arrived, .proceeding:
      state = .proceeding
      return EffectList(.sendResponse)
    case .completed, .confirmed, .accepted, .terminated: return .none
    }
  }

  public mutating func answerGiven(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .arrived, .proceeding:
      state = .accepted(l: now + TransactionTimers.t64)
      return EffectList(.sendResponse)
    case .accepted:
      return EffectList(.sendResponse)
    case .completed, .confirmed, .terminated:
      return .none
    }
  }

  public mutating func rejectionGiven(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .arrived, .proceeding:
      state = .completed(
        g: isReliable ? nil : now + TransactionTimers.t1, interval: TransactionTimers.t1,
        h: now + TransactionTimers.t64)
      return EffectList(.sendResponse)
    case .completed, .confirmed, .accepted, .terminated:
      return .none
    }
  }

  public mutating func acknowledgementArrived(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .completed:
      if isReliable {
        state = .terminated
        return EffectList(.end)
      }
      state = .confirmed(i: now + TransactionTimers.t4)
      return .none
    case .accepted:
      return EffectList(.tellAcknowledgement)
    case .arrived, .proceeding, .confirmed, .terminated:
      return .none
    }
  }

  public mutating func transportFailed() -> EffectList<Effect> {
    switch state {
    case .completed:
      state = .terminated
      return EffectList(.tellTransportError, .end)
    case .arrived, .proceeding, .confirmed, .accepted, .terminated:
      return .none
    }
  }

  public mutating func timePassed(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .arrived(let trying):
      guard trying <= now else { return .none }
      state = .proceeding
      return EffectList(.sendTrying)
    case .completed(let g, let interval, let h):
      if h <= now {
        state = .terminated
        return EffectList(.tellTimeout, .end)
      }
      guard let g, g <= now else { return .none }
      let next = TransactionTimers.doubled(interval)
      state = .completed(g: now + next, interval: next, h: h)
      return EffectList(.sendResponse)
    case .confirmed(let end), .accepted(let end):
      guard end <= now else { return .none }
      state = .terminated
      return EffectList(.end)
    case .proceeding, .terminated:
      return .none
    }
  }

  public var nextDeadline: Deadline? {
    switch state {
    case .arrived(let trying): return Deadline(trying, .trying)
    case .completed(let g, _, let h):
      if let g, g < h { return Deadline(g, .g) }
      return Deadline(h, .h)
    case .confirmed(let i): return Deadline(i, .i)
    case .accepted(let l): return Deadline(l, .l)
    case .proceeding, .terminated: return nil
    }
  }

  /// The RFC's name of the state.
  public var stateName: StaticString {
    switch state {
    case .arrived: "arrived"
    case .proceeding: "proceeding"
    case .completed: "completed"
    case .confirmed: "confirmed"
    case .accepted: "accepted"
    case .terminated: "terminated"
    }
  }
}
