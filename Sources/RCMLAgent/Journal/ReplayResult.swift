import RCMLBasics

/// What came of replaying a journal.
package struct ReplayResult: Sendable {
  /// Records read and done again.
  package var records = 0
  package var inputs = 0
  package var outputs = 0
  /// From the first record to the last.
  package var duration = Interval.zero
  /// The last record was cut off: its writer was killed. What stands before it was proved.
  package var isTorn = false
  /// The version of the library that wrote the journal.
  package var product = ""
  /// Nil: every output was the same, octet for octet.
  package var difference: ReplayDifference?

  package var isProved: Bool { difference == nil }
}

/// The first place where the agent did something else than the journal says.
package struct ReplayDifference: Sendable {
  /// Since the first record.
  package var time: Interval
  /// The record of the journal, from 1.
  package var record: Int
  /// What the journal says, in words.
  package var recorded: String
  /// What the agent did this time, in words.
  package var replayed: String
  /// Where both say the same thing with other octets: the place, in words; else empty.
  package var detail: String
}
