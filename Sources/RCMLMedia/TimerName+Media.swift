import RCMLBasics

/// The timers of the media engine.
extension TimerName {
  /// A packet of what is played, a report to a party, the wait for its sound.
  static var frame: TimerName { TimerName("frame") }
  static var report: TimerName { TimerName("report") }
  static var silence: TimerName { TimerName("silence") }
  /// A step of a recording.
  static var recording: TimerName { TimerName("recording") }
}
