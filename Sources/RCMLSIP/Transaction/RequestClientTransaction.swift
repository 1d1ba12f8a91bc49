import RCMLBasics

/// RFC 3261 §17.1.2, figure 6: the client transaction of every request but INVITE and ACK.
///
/// Table: RequestClientTransaction.table.md.
public struct RequestClientTransaction {
  public enum Effect: UInt8, Sendable {
    case sendRequest = 1
    case tellProvisional
    case tellFinal
    case tellTimeout
    case tellTransportError
    case end
  }

  private enum State {
    /// Request sent, nothing heard: timer E (nil when the transport is reliable) and timer F run.
    case trying(e: Instant?, interval: Interval, f: Instant)
    /// A 1xx came: repeated every T2 until timer F.
    case proceeding(e: Instant?, f: Instant)
    /// A final response was passed up; repetitions of it are absorbed until timer K.
    case completed(k: Instant)
    case terminated
  }

  private var state: State = .terminated
  private let isReliable: Bool

  public init(isReliable: Bool) { self.isReliable = isReliable }

  public mutating func started(at now: Instant) -> EffectList<Effect> {
    state = .trying(
      e: isReliable ? nil : now + TransactionTimers.t1, interval: TransactionTimers.t1,
      f: now + TransactionTimers.t64)
    return EffectList(.sendRequest)
  }

  public mutating func provisionalArrived() -> EffectList<Effect> {
    switch state {
    case .trying(let e, _, let f), .proceeding(let e, let f):
      state = .proceeding(e: e, f: f)
      return EffectList(.tellProvisional)
    case .completed, .terminated:
      return .none
    }
  }

  public mutating func finalArrived(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .trying, .proceeding:
      if isReliable {
        state = .terminated
        return EffectList(.tellFinal, .end)
      }
      state = .completed(k: now + TransactionTimers.t4)
      return EffectList(.tellFinal)
    case .completed, .terminated:
      return .none
    }
  }

  public mutating func transportFailed() -> EffectList<Effect> {
    switch state {
    case .trying, .proceeding:
      state = .terminated
      return EffectList(.tellTransportError, .end)
    case .completed, .terminated:
      return .none
    }
  }

  public mutating func timePassed(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .trying(let e, let interval, let f):
      if f <= now { return timedOut() }
      guard let e, e <= now else { return .none }
      let next = TransactionTimers.doubled(interval)
      state = .trying(e: now + next, interval: next, f: f)
      return EffectList(.sendRequest)
    case .proceeding(let e, let f):
      if f <= now { return timedOut() }
      guard let e, e <= now else { return .none }
      state = .proceeding(e: now + TransactionTimers.t2, f: f)
      return EffectList(.sendRequest)
    case .completed(let k):
      guard k <= now else { return .none }
      state = .terminated
      return EffectList(.end)
    case .terminated:
      return .none
    }
  }

  private mutating func timedOut() -> EffectList<Effect> {
    state = .terminated
    return EffectList(.tellTimeout, .end)
  }

  public var nextDeadline: Deadline? {
    switch state {
    case .trying(let e, _, let f), .proceeding(let e, let f):
      if let e, e < f { return Deadline(e, .e) }
      return Deadline(f, .f)
    case .completed(let k): return Deadline(k, .k)
    case .terminated: return nil
    }
  }

  /// The RFC's name of the state.
  public var stateName: StaticString {
    switch state {
    case .trying: "trying"
    case .proceeding: "proceeding"
    case .completed: "completed"
    case .terminated: "terminated"
    }
  }
}
