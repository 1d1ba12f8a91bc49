import RCMLBasics
import RCMLDial

/// On whose behalf a recording runs.
enum RecordingOwner {
  case dial(CallNumber, sid: String)
  case performance(CallNumber, PerformanceNumber)
  /// The host wants it.
  case host(CallNumber)
}
