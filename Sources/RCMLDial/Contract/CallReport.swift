import RCMLBasics
import RCMLDocument

/// What the host is told of a call. `callback`: what the web is told too; nil = no URL was given, or the event was not
/// subscribed (spec K-1).
public enum CallReport {
  indirect case leg(LegNumber, LegStatus, callback: StatusCallback?)
  indirect case recording(RecordingStatus, callback: StatusCallback?)
  case dialEnded(DialResult)
  case finding(Finding)
  /// A limit ended what it bounds: to be counted; its finding is told besides (spec Y-11, Y-13).
  case limitReached(Limit)
  /// A verb begins: for whoever reads the journal. `leg`: who is screened; nil = the caller.
  case verbReached(VerbReached, leg: LegNumber?)
}
