/// How the files of recordings ended, each once.
public struct RecordingCounters: Hashable, Sendable {
  /// Whole.
  public var completed: UInt64 = 0
  /// Removed: nobody wants it, or there was nothing to be heard.
  public var discarded: UInt64 = 0
  /// It could not be made or written to its end.
  public var failed: UInt64 = 0
  public init() {}
}
