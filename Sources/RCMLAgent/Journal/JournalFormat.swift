import RCMLBasics

/// How a journal looks on disk.
///
///     magic     8 octets  89 'R' 'J' 'R' 'N' 0D 0A 1A
///     version   number    2
///     product   octets    the version of the library that wrote it
///     origin    number    nanoseconds: the instant from which the first record counts
///     records             until the end of the file
///
///     record    number    length of what follows
///               octet     kind
///               number    nanoseconds since the record before
///               fields    of that kind, in order
///
/// A *number* is unsigned LEB128 (seven bits an octet, low first); *octets* are a number and that many octets; a
/// signed number is folded (zigzag) first. Records are only ever appended, so a journal whose writer was
/// killed lacks at most its last record: reading stops there and says so.
///
/// A journal holds everything a fresh agent needs to do the same again: every input and command with its time,
/// and every output and command result to compare with. Secrets are masked while writing (`SecretMask`).
package enum JournalFormat {
  /// The first octet is no text and the line ends do not survive a text-mode copy, so both mishaps are noticed.
  static let magic: [UInt8] = [0x89, 0x52, 0x4a, 0x52, 0x4e, 0x0d, 0x0a, 0x1a]
  static let version: UInt64 = 2
  /// No record of ours is longer: a larger length is damage, not a wish for memory.
  static let recordLimit = 16 << 20

  package enum RecordKind: UInt8, Sendable {
    case input = 1
    case command = 2
    /// What the command before came to.
    case result = 3
    case output = 4
    /// `nextOutput` had nothing more: one output too many is noticed here, not records later.
    case drained = 5
    /// What belongs to which call: for readers, a replay passes over it.
    case name = 6
  }
}
