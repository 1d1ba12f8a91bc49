import RCMLAgent
import RCMLBasics

/// An event of a rehearsal, as it is told.
package struct RehearsedEvent {
  /// Since the beginning.
  package var elapsed: Interval
  package var event: HostEvent
  /// The name of the call; empty before there is one.
  package var sid: String
  /// What the script answers to a request; 0 for any other event.
  package var httpStatus: UInt16 = 0
}
