import RCMLBasics

/// What a running agent writes into its journal, read at once and kept in memory for its last calls: the same page from a
/// live agent as from a file. It has a bound, whatever the calls do.
public final class LiveTrace {
  /// Entries, and octets of what they hold, of all calls together.
  private static let entryLimit = 20_000
  private static let octetLimit = 32 << 20
  /// Messages that are remembered, to know those that are sent again: more than come in the 32 s in which they may.
  private static let seenLimit = 4_096

  private var story = LadderStory(seen: LiveTrace.seenLimit)
  /// When the last record was; nil: none was read, and the header comes first.
  private var last: Instant?
  /// So many calls are kept.
  private let calls: Int
  public init(calls: Int) { self.calls = calls }

  /// Whole records, as the writer hands them out.
  public func read(_ octets: [UInt8]) {
    guard !octets.isEmpty else { return }
    octets.withUnsafeBytes { lent in
      // Its writer is ours: a record that cannot be read is left out, and all behind it in the same step.
      guard var reader = try? reader(of: lent) else { return }
      while let record = try? reader.next() { story.read(record) }
      last = reader.instant
    }
    story.keep(calls: calls, entries: LiveTrace.entryLimit, octets: LiveTrace.octetLimit)
  }

  private func reader(of lent: UnsafeRawBufferPointer) throws(JournalError) -> JournalReader {
    if let last { return JournalReader(lent, after: last) }
    return try JournalReader(lent)
  }

  public func write(
    _ options: TraceOptions, to write: (String) -> Void
  ) throws(JournalError) {
    try Trace.write(story, options, to: write)
  }
}
