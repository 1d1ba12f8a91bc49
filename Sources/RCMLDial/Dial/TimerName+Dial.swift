import RCMLBasics

/// The timers of a call and its Dial.
extension TimerName {
  /// 180 repeated to the caller (spec L-2).
  public static var ringingRepetition: TimerName { TimerName("ringingRepetition") }
  /// `Dial timeout`, `Dial timeLimit`, `Sip timeout` (spec D-3, D-4, S-4).
  public static var ringTimeout: TimerName { TimerName("ringTimeout") }
  public static var timeLimit: TimerName { TimerName("timeLimit") }
  public static var screeningTimeout: TimerName { TimerName("screeningTimeout") }
  /// `x-warn` (spec E-6).
  public static var timeLimitWarning: TimerName { TimerName("timeLimitWarning") }
  /// The wait for a cancelled leg (spec L-22) and for the answer to a BYE (L-28).
  public static var cancelWait: TimerName { TimerName("cancelWait") }
  public static var closing: TimerName { TimerName("closing") }
  /// A target that waits is called (`startsAt`).
  static var retry: TimerName { TimerName("retry") }
  /// As long as a call may last (spec Y-11).
  static var callDuration: TimerName { TimerName("callDuration") }
  /// `Pause length` (spec V-3).
  public static var pause: TimerName { TimerName("pause") }
}
