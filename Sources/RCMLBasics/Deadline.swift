/// When something has to happen without anything else happening first, and why.
package struct Deadline: Hashable, Comparable, Sendable {
  package var instant: Instant
  package var timer: TimerName

  package init(_ instant: Instant, _ timer: TimerName) {
    self.instant = instant
    self.timer = timer
  }

  package static func < (a: Deadline, b: Deadline) -> Bool { a.instant < b.instant }
}

/// Every timer of the house by the name its document gives it.
package enum TimerName: UInt8, Hashable, Sendable {
  // RFC 3261 §17, RFC 6026
  case a, b, d, e, f, g, h, i, j, k, l, m
  /// Our 2xx repeated until its ACK (RFC 3261 §13.3.1.4) and the wait for that ACK (spec L-38).
  case answerRepetition, acknowledgement
  /// Our 18x repeated until its PRACK, and the wait for that (RFC 3262 §3).
  case provisionalRepetition, provisionalAcknowledgement
  /// A request that must be tried again after a glare (RFC 3261 §14.1).
  case glare
  /// Half of a session's interval, and nearly its end (RFC 4028).
  case sessionRefresh, sessionExpiry
  /// 180 repeated to the caller (spec L-2).
  case ringingRepetition
  /// `Dial timeout`, `Dial timeLimit`, `Sip timeout` (spec D-3, D-4, S-4).
  case ringTimeout, timeLimit, screeningTimeout
  /// `x-warn` (spec E-6).
  case timeLimitWarning
  /// The wait for a cancelled leg (spec L-22) and for the answer to a BYE (L-28).
  case cancelWait, closing
  /// `Pause length` (spec V-3).
  case pause
  /// A request the stream never finished, an idle connection.
  case streamIdle
  /// A lookup, an HTTP exchange, a retry of one.
  case resolution, exchange, retry
  /// An incoming call that waits for the host to take it.
  case hostAnswer
  /// A packet of what is played, a report to a party, the wait for its sound, a step of a recording.
  case performance, mediaFrame, mediaReport, mediaSilence, recording
  /// Draining before the end (spec Q-6).
  case drain
}
