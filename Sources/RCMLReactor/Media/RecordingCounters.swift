/// How the files of recordings ended, each once.
package struct RecordingCounters: Hashable, Sendable {
  /// Whole.
  package var completed: UInt64 = 0
  /// Removed: nobody wants it, or there was nothing to be heard.
  package var discarded: UInt64 = 0
  /// It could not be made or written to its end.
  package var failed: UInt64 = 0
  package init() {}
}
