import RCMLBasics
import RCMLMedia

/// How a journal looks on disk.
///
///     magic     8 octets  89 'R' 'J' 'R' 'N' 0D 0A 1A
///     version   number    7
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
/// Which fields a record has is said once, by the functions of `Archive` that write and read it. Whoever changes them
/// counts `version` up: a journal of another format is refused, with the version of the library that reads it. Therefore
/// magic, version and product stay as they are for ever.
///
/// A journal holds everything a fresh agent needs to do the same again: every input and command with its time,
/// and every output and command result to compare with. Secrets are masked while writing (`SecretMask`).
public enum JournalFormat {
  /// The first octet is no text and the line ends do not survive a text-mode copy, so both mishaps are noticed.
  static let magic: [UInt8] = [0x89, 0x52, 0x4a, 0x52, 0x4e, 0x0d, 0x0a, 0x1a]
  static let version: UInt64 = 7
  /// What is kept of a body. No document (`max_document_bytes`) and no sound may be that long, so whoever is shown what
  /// was kept refuses it as it refused the whole.
  static let bodyLimit = SoundFile.octetsLimit + 1
  /// No record is longer: the writer leaves out the fields of one that would be (`omitted`), and to the reader a larger
  /// length is damage.
  static let recordLimit = bodyLimit + (16 << 20)

  public enum RecordKind: UInt8, Sendable {
    case input = 1
    case command = 2
    /// What the command before came to.
    case result = 3
    case output = 4
    /// `nextOutput` had nothing more: one output too many is noticed here, not records later.
    case drained = 5
    /// What belongs to which call: for readers, a replay passes over it.
    case name = 6
    /// In place of a record that would be too long: its kind, and how many octets it would have.
    case omitted = 7
    /// So many records are lacking here: the disk did not take them.
    case gap = 8
    /// First of a file that goes on where another ended: so many records stand before it.
    case continuation = 9
  }
}
