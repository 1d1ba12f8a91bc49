/// Why we end a leg that would have gone on.
public enum LegEndReason: String, Hashable, Sendable, CaseIterable {
  case lostRace, ringTimeout, callerGone, hostEnded, timeLimit, star, stopCode
  case acknowledgementMissing, callEnded, mediaLost

  /// P-27, Q-14.
  var side: HangupSide {
    switch self {
    case .callerGone, .star: .caller
    case .hostEnded: .host
    case .lostRace, .ringTimeout, .timeLimit, .stopCode, .acknowledgementMissing, .callEnded,
      .mediaLost:
      .engine
    }
  }

  /// The Reason header's values (spec F-8, Q-16). `ofCaller`: those of the caller's CANCEL or BYE.
  ///
  /// "Completed elsewhere" makes phones drop the missed-call entry, so it is said only when somebody answered.
  func reasons(ofCaller: [[UInt8]]) -> [[UInt8]] {
    switch self {
    case .lostRace: [Array(#"SIP;cause=200;text="Call completed elsewhere""#.utf8)]
    case .ringTimeout: [Array(#"Q.850;cause=19;text="No answer""#.utf8)]
    case .callerGone: ofCaller
    case .hostEnded, .timeLimit, .star, .stopCode, .acknowledgementMissing, .callEnded, .mediaLost:
      []
    }
  }
}
