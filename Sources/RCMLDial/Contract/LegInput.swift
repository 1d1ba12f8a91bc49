import RCMLBasics

/// What happens to a leg.
public enum LegInput {
  case provisional(code: UInt16, hasMedia: Bool)
  /// 2xx. `unusable`: why its SDP answer is none that we can use; nil = it is one (spec L-17, L-23).
  case answered(unusable: Reason?, headers: [HeaderLine])
  case rejected(
    code: UInt16, phrase: [UInt8], reasons: [[UInt8]], headers: [HeaderLine], Reason)
  /// No final response will come: timeout, DNS, connect, transport, no port for its media (spec M-1, the rows "none").
  case failed(Reason)
  case hungUp(reasons: [[UInt8]], headers: [HeaderLine])
  /// Its other side no longer knows the call, or does not answer in it (spec U-27).
  case lost(Reason)
  /// REFER: the leg wants the caller to talk to this URI instead (spec U-40).
  case referred(to: String)
  /// Nothing of the leg is left below.
  case ended
}
