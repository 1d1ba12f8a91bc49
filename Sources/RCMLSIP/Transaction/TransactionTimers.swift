import RCMLBasics

/// RFC 3261 table 4: every timer value of the transaction layer in one place.
public enum TransactionTimers {
  /// Round-trip estimate.
  public static let t1 = Interval.milliseconds(500)
  /// The longest interval between repetitions of non-INVITE requests and of responses to INVITE.
  public static let t2 = Interval.seconds(4)
  /// How long a message may stay in the network.
  public static let t4 = Interval.seconds(5)
  /// Timers B, F, H, J, L, M, and the wait for an ACK (§13.3.1.4).
  public static let t64 = t1 * 64
  /// Timer D: more than 32 s on an unreliable transport.
  public static let d = Interval.milliseconds(32_500)

  /// An INVITE that has no response after this gets 100 (§17.2.1).
  public static let trying = Interval.milliseconds(200)

  /// Timers E, G and the repetition of a 2xx double up to T2.
  public static func doubled(_ interval: Interval) -> Interval { min(interval * 2, t2) }
}
