import RCMLBasics

/// One entry of a journal. Octets of an input point into the journal and live as long as it is read.
public struct JournalRecord {
  public enum Content {
    case input(Input)
    case command(Command)
    case result(Result<CommandResult, Refusal>)
    case output(Output)
    case drained
    case name(JournalName)
    /// It was too long for a journal: what it was, and how many octets it had.
    case omitted(JournalFormat.RecordKind, octets: Int)
    /// The disk did not take so many records (spec Y-7).
    case gap(records: Int)
    /// The file begins in the middle: so many records stand in files before it (spec Y-7, `journal_limit`).
    case continuation(records: Int)
  }

  /// From 1.
  public var number: Int
  public var instant: Instant
  public var content: Content
  /// Kind's fields as they stand in the file: what a replay compares.
  var fields: UnsafeRawBufferPointer
}
