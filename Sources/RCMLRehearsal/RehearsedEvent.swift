import RCMLAgent
import RCMLBasics

/// An event of a rehearsal, as it is told.
public struct RehearsedEvent {
  /// Since the beginning.
  public var elapsed: Interval
  public var event: HostEvent
  /// The name of the call; empty before there is one.
  public var sid: String
  /// What the script answers to a request; 0 for any other event.
  public var httpStatus: UInt16 = 0
}
