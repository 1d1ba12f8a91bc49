import RCMLBasics

/// What happens to a leg.
package enum LegInput {
  case provisional(code: UInt16, hasMedia: Bool)
  /// 2xx. `usable`: it carried an SDP answer we can use (spec L-17, L-23).
  case answered(usable: Bool, headers: [HeaderLine])
  case rejected(code: UInt16, phrase: [UInt8], reasons: [[UInt8]], headers: [HeaderLine])
  /// No final response will come: timeout, DNS, connect, transport, no port for its media (spec M-1, the rows "none").
  case failed
  case hungUp(reasons: [[UInt8]], headers: [HeaderLine])
  /// REFER: the leg wants the caller to talk to this URI instead (spec U-40).
  case referred(to: String)
  /// Nothing of the leg is left below.
  case ended
}
