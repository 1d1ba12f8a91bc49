/// Why octets are not a journal that can be read.
public enum JournalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Something else than a journal, or one damaged at its very start.
  case notAJournal
  /// `product`: the version of the library that wrote it.
  case unknownVersion(UInt64, product: String)
  /// A record says what no record says; `record` counts from 1, `offset` from the start of the file.
  case damaged(record: Int, offset: Int, String)
  /// A journal, but without the call that was asked for.
  case noSuchCall(String, calls: Int)

  public var description: String {
    switch self {
    case .notAJournal:
      return "This is not an rcml journal: its first octets are others."
    case .unknownVersion(let version, let product):
      let what =
        "This journal has format \(version), of librcml \(JournalWords.printable(Array(product.utf8.prefix(40)))); "
        + "this library reads format \(JournalFormat.version). "
      return version < JournalFormat.version
        ? what + "Read it with the library that wrote it, or write it anew with this one."
        : what + "Read it with a library at least as new as the one that wrote it."
    case .noSuchCall(let call, let calls):
      return "No call \(call) is in this journal; it has \(calls)."
    case .damaged(let record, let offset, let what):
      return "The journal is damaged at record \(record) (octet \(offset)): \(what)."
    }
  }
}
