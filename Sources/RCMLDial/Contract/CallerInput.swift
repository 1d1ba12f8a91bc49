import RCMLBasics

/// What happens to the caller's side of a call.
public enum CallerInput {
  /// CANCEL (unanswered). `reasons`: values of its Reason headers.
  case cancelled(reasons: [[UInt8]])
  case hungUp(reasons: [[UInt8]])
  /// 481 or 408 in the caller's dialog (spec U-27).
  case lost(Reason)
  /// Our 200 went out: the answer to `answer`. Or an outgoing caller (host `call`) took our call.
  case answered
  /// It cannot be answered: it offers nothing that the winner, or we, can do (spec L-49). The other answer to `answer`.
  case mediaRefused
  /// Its media has to come by here and cannot: there is no stream for it (spec U-69).
  case mediaUnavailable
  /// An outgoing caller could not be reached, or an incoming one never acknowledged our ringing (spec U-21).
  case failed(code: UInt16?, Reason)
  /// No ACK for our 200 within 64·T1 (spec L-38).
  case acknowledgementMissing
}
