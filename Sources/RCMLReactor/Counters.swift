import RCMLAgent
import RCMLBasics

/// What the reactor has seen since it was made. What is "now", and what others count, is filled by
/// `countEverything`.
package struct Counters: Hashable, Sendable {
  package var datagramsReceived: UInt64 = 0
  package var datagramsSent: UInt64 = 0
  /// The socket's buffer was full: gone, as if the network had lost them.
  package var datagramsDropped: UInt64 = 0
  package var streamsAccepted: UInt64 = 0
  package var streamsOpened: UInt64 = 0
  /// Connections that were closed because their peer did not read.
  package var streamsOverflowed: UInt64 = 0
  /// Connections refused for want of descriptors.
  package var streamsRefused: UInt64 = 0
  package var exchanges: UInt64 = 0
  package var ended = ExchangeCounters()
  package var media = MediaCounters()
  package var agent = AgentCounters()
  /// What limits of the reactor's own refused (spec Y-13).
  package var refusedByLimit: [Limit: UInt64] = [:]

  // Now.
  package var uptime = Interval.zero
  package var streamsOpen: UInt64 = 0
  package var exchangesActive: UInt64 = 0
  package var recordingsActive: UInt64 = 0
  package var eventsWaiting: UInt64 = 0
  package var eventsLost: UInt64 = 0
  package var journalOctets: UInt64 = 0
  /// Those of the loop, of listeners and connections, of RTP and of files; libcurl and c-ares have their own.
  package var descriptorsOpen: UInt64 = 0
  package init() {}
}
