/// What became of media since the reactor was made, as of the end of its last step.
package struct MediaCounters: Hashable, Sendable {
  /// Now, not since the beginning.
  package var streamsOpen: UInt64 = 0
  /// There was no port, or no descriptor.
  package var streamsRefused: UInt64 = 0
  package var packetsReceived: UInt64 = 0
  /// Handed to the kernel: those passed on, those of our own, reports.
  package var packetsSent: UInt64 = 0
  package var packetsRelayed: UInt64 = 0
  package var packetsPlayed: UInt64 = 0
  /// Dropped: from an address nobody named (failures A8).
  package var packetsStrange: UInt64 = 0
  /// Dropped: not RTP, or a payload type nobody agreed on.
  package var packetsMalformed: UInt64 = 0
  /// Dropped: there was nobody to pass them on to.
  package var packetsUnwanted: UInt64 = 0
  /// Dropped: the socket's buffer was full.
  package var packetsUnsent: UInt64 = 0
  package var recordings = RecordingCounters()
  package init() {}
}
