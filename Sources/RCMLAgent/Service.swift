import RCMLBasics

/// What the agent does with new calls, and what it waits for.
enum Service {
  case open
  /// No new calls. When the last one has ended, callbacks and BYEs under way are finished.
  case draining
  /// Whatever is still to be ended or delivered has until `until` (spec K-13).
  case finishing(until: Instant)
  case drained
}
