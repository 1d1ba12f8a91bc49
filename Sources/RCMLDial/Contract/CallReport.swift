import RCMLBasics
import RCMLDocument

/// What the host is told of a call. `callback`: what the web is told too; nil = no URL was given, or the event was not
/// subscribed (spec K-1).
package enum CallReport {
  case leg(LegNumber, LegStatus, callback: StatusCallback?)
  case recording(RecordingStatus, callback: StatusCallback?)
  case dialEnded(DialResult)
  case finding(Finding)
}
