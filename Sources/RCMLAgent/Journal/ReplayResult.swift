import RCMLBasics

/// What came of replaying a journal.
public struct ReplayResult: Sendable {
  /// Records read and done again.
  public var records = 0
  public var inputs = 0
  public var outputs = 0
  /// From the first record to the last.
  public var duration = Interval.zero
  /// The last record was cut off: its writer was killed. What stands before it was proved.
  public var isTorn = false
  /// The version of the library that wrote the journal.
  public var product = ""
  /// Nil: every output was the same, octet for octet.
  public var difference: ReplayDifference?

  public var isProved: Bool { difference == nil }
}

/// The first place where the agent did something else than the journal says.
public struct ReplayDifference: Sendable {
  /// Since the first record.
  public var time: Interval
  /// The record of the journal, from 1.
  public var record: Int
  /// What the journal says, in words.
  public var recorded: String
  /// What the agent did this time, in words.
  public var replayed: String
  /// Where both say the same thing with other octets: the place, in words; else empty.
  public var detail: String
}
