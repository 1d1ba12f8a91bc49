import RCMLBasics

/// RFC 3261 §17.2.2, figure 8: the server transaction of every request but INVITE and ACK.
///
/// Table: RequestServerTransaction.table.md.
public struct RequestServerTransaction {
  public enum Effect: UInt8, Sendable {
    /// The response handed in last, byte for byte.
    case sendResponse = 1
    case tellTransportError
    case end
  }

  private enum State {
    case trying
    case proceeding
    /// The final response was sent; it is repeated for each repetition of the request until timer J.
    case completed(j: Instant)
    case terminated
  }

  private var state: State = .trying
  private let isReliable: Bool

  public init(isReliable: Bool) { self.isReliable = isReliable }

  public func requestRepeated() -> EffectList<Effect> {
    switch state {
    case .proceeding, .completed: return EffectList(.sendResponse)
    case .trying, .terminated: return .none
    }
  }

  public mutating func provisionalGiven() -> EffectList<Effect> {
    switch state {
    case .trying, .proceeding:
      state = .proceeding
      return EffectList(.sendResponse)
    case .completed, .terminated:
      return .none
    }
  }

  public mutating func finalGiven(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .trying, .proceeding:
      if isReliable {
        state = .terminated
        return EffectList(.sendResponse, .end)
      }
      state = .completed(j: now + TransactionTimers.t64)
      return EffectList(.sendResponse)
    case .completed, .terminated:
      return .none
    }
  }

  public mutating func transportFailed() -> EffectList<Effect> {
    switch state {
    case .proceeding, .completed:
      state = .terminated
      return EffectList(.tellTransportError, .end)
    case .trying, .terminated:
      return .none
    }
  }

  public mutating func timePassed(at now: Instant) -> EffectList<Effect> {
    switch state {
    case .completed(let j):
      guard j <= now else { return .none }
      state = .terminated
      return EffectList(.end)
    case .trying, .proceeding, .terminated:
      return .none
    }
  }

  public var nextDeadline: Deadline? {
    switch state {
    case .completed(let j): return Deadline(j, .j)
    case .trying, .proceeding, .terminated: return nil
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
