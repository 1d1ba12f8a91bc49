import RCMLBasics

/// Whether the other side is still there, asked now and then (RFC 4028, spec U-24; SessionTimer.table.md).
struct SessionTimer: Sendable {
  enum Effect { case refresh, expire }

  private enum State: Sendable {
    case none
    case ours(refreshAt: Instant, expiresAt: Instant)
    case last(expiresAt: Instant)
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
      // Its answer begins the interval anew. Without one it is tried again: a refusal does not end a session (§10).
      let half = Interval(nanoseconds: (expiresAt - now).nanoseconds / 2)
      let next = now + max(TransactionTimers.t64, half)
      state =
        next < expiresAt
        ? .ours(refreshAt: next, expiresAt: expiresAt) : .last(expiresAt: expiresAt)
      return .refresh
    case .last(let expiresAt) where expiresAt <= now,
      .theirs(let expiresAt) where expiresAt <= now:
      state = .none
      return .expire
    case .none, .ours, .last, .theirs: return nil
    }
  }

  var isAgreed: Bool { if case .none = state { false } else { true } }

  var nextDeadline: Deadline? {
    switch state {
    case .none: nil
    case .ours(let refreshAt, _): Deadline(refreshAt, .sessionRefresh)
    case .last(let expiresAt), .theirs(let expiresAt):
      Deadline(expiresAt, .sessionExpiry)
    }
  }

  /// For the test of the table.
  var stateName: String {
    switch state {
    case .none: "none"
    case .ours: "ours"
    case .last: "last"
    case .theirs: "theirs"
    }
  }
}
