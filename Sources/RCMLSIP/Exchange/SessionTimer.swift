import RCMLBasics

/// Whether the other side is still there, asked now and then (RFC 4028, spec U-24; SessionTimer.table.md).
struct SessionTimer: Sendable {
  enum Effect { case refresh, expire }

  private enum State: Sendable {
    case none
    case ours(refreshAt: Instant, expiresAt: Instant)
    case refreshing(expiresAt: Instant)
    case theirs(expiresAt: Instant)
  }

  private var state = State.none

  /// Who refreshes, and how often, is agreed, or was again by a refresh: the interval begins anew.
  mutating func agreed(_ interval: SessionInterval, isOurs: Bool, at now: Instant) {
    // §10: a third of the interval, at most 32 s, before its end.
    let margin = min(32, interval.seconds / 3)
    if isOurs {
      state = .ours(
        refreshAt: now + .seconds(Int(interval.seconds / 2)),
        expiresAt: now + .seconds(Int(interval.seconds)))
    } else {
      state = .theirs(expiresAt: now + .seconds(Int(interval.seconds - margin)))
    }
  }

  mutating func timePassed(at now: Instant) -> Effect? {
    switch state {
    case .ours(let refreshAt, let expiresAt) where refreshAt <= now:
      state = .refreshing(expiresAt: expiresAt)
      return .refresh
    case .refreshing(let expiresAt) where expiresAt <= now,
      .theirs(let expiresAt) where expiresAt <= now:
      state = .none
      return .expire
    case .none, .ours, .refreshing, .theirs: return nil
    }
  }

  var isAgreed: Bool { if case .none = state { false } else { true } }

  var nextDeadline: Deadline? {
    switch state {
    case .none: nil
    case .ours(let refreshAt, _): Deadline(refreshAt, .sessionRefresh)
    case .refreshing(let expiresAt), .theirs(let expiresAt):
      Deadline(expiresAt, .sessionExpiry)
    }
  }

  /// For the test of the table.
  var stateName: String {
    switch state {
    case .none: "none"
    case .ours: "ours"
    case .refreshing: "refreshing"
    case .theirs: "theirs"
    }
  }
}
