import RCMLBasics

/// The timers of a call and its Dial.
extension TimerName {
  /// 180 repeated to the caller (spec L-2).
  package static var ringingRepetition: TimerName { TimerName("ringingRepetition") }
  /// `Dial timeout`, `Dial timeLimit`, `Sip timeout` (spec D-3, D-4, S-4).
  package static var ringTimeout: TimerName { TimerName("ringTimeout") }
  package static var timeLimit: TimerName { TimerName("timeLimit") }
  package static var screeningTimeout: TimerName { TimerName("screeningTimeout") }
  /// `x-warn` (spec E-6).
  package static var timeLimitWarning: TimerName { TimerName("timeLimitWarning") }
  /// The wait for a cancelled leg (spec L-22) and for the answer to a BYE (L-28).
  package static var cancelWait: TimerName { TimerName("cancelWait") }
  package static var closing: TimerName { TimerName("closing") }
  /// A target that waits is called (`startsAt`).
  static var retry: TimerName { TimerName("retry") }
  /// As long as a call may last (spec Y-11).
  static var callDuration: TimerName { TimerName("callDuration") }
  /// `Pause length` (spec V-3).
  package static var pause: TimerName { TimerName("pause") }
}
