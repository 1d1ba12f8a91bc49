/// What became of media since the reactor was made, as of the end of its last step.
public struct MediaCounters: Hashable, Sendable {
  /// Now, not since the beginning.
  public var streamsOpen: UInt64 = 0
  /// There was no port, or no descriptor.
  public var streamsRefused: UInt64 = 0
  public var packetsReceived: UInt64 = 0
  /// Handed to the kernel: those passed on, those of our own, reports.
  public var packetsSent: UInt64 = 0
  public var packetsRelayed: UInt64 = 0
  public var packetsPlayed: UInt64 = 0
  /// Dropped: from an address nobody named (failures A8).
  public var packetsStrange: UInt64 = 0
  /// Dropped: not RTP, or a payload type nobody agreed on.
  public var packetsMalformed: UInt64 = 0
  /// Dropped: there was nobody to pass them on to.
  public var packetsUnwanted: UInt64 = 0
  /// Dropped: the socket's buffer was full.
  public var packetsUnsent: UInt64 = 0
  public var recordings = RecordingCounters()
  public init() {}
}
