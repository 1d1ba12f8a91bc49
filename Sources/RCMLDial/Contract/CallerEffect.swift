import RCMLBasics

/// What is to be done with the caller's side of a call (spec §5.1).
public enum CallerEffect: Hashable, Sendable {
  /// 180, or 183 with the leg's early media.
  case ring(code: UInt16, earlyMediaOf: LegNumber?)
  /// 200. Where a winner is known its media answers; else the media of the engine. Answered by `answered`, or by
  /// `mediaRefused`: nothing that needs an answered caller is wanted before.
  case answer(with: LegNumber?)
  case reject(FinalResponse)
  case hangUp(reasons: [[UInt8]])
}
