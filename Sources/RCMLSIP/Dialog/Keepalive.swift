import RCMLBasics

/// What keeps a NAT's binding open for a peer behind it (spec U-64, RFC 5626 §4.4.1): when it is due.
struct Keepalive {
  /// A double CRLF: over UDP no request and answered by nobody, over TCP the ping that a CRLF answers (RFC 5626 §3.5.1).
  static let bytes: [UInt8] = [13, 10, 13, 10]

  private var pace: (next: Instant, interval: Interval)?

  var next: Instant? { pace?.next }

  mutating func begin(every interval: Interval, at now: Instant) {
    guard pace == nil, interval > .zero else { return }
    pace = (now + interval, interval)
  }

  mutating func stop() { pace = nil }

  /// True: one is due, and the next after it is wanted.
  mutating func isDue(at now: Instant) -> Bool {
    guard let (next, interval) = pace, next <= now else { return false }
    pace = (now + interval, interval)
    return true
  }
}
