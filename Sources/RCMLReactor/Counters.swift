/// What the reactor has seen since it was made.
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
  package var media = MediaCounters()
  package init() {}
}
