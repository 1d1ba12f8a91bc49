import RCMLBasics

/// The timers of the agent and of its HTTP requests.
extension TimerName {
  /// An HTTP exchange, a retry of one.
  public static var exchange: TimerName { TimerName("exchange") }
  public static var retry: TimerName { TimerName("retry") }
  /// Something that waits for the host: an incoming call, a question.
  public static var hostAnswer: TimerName { TimerName("hostAnswer") }
  /// How long a call of ours may ring (spec U-65).
  public static var callTimeout: TimerName { TimerName("callTimeout") }
  /// A step of a performance.
  public static var performance: TimerName { TimerName("performance") }
  /// Draining before the end (spec Q-6).
  public static var drain: TimerName { TimerName("drain") }
  /// The second in which nothing more is said of a limit (spec Y-13).
  public static var refusals: TimerName { TimerName("refusals") }
}
