import RCMLBasics

/// What the settings say of files that somebody else writes for the agent (spec Y-7).
public struct FileLimits: Equatable, Sendable {
  /// Octets a journal may have before it is begun anew; 0 = any number.
  public var journal: Int
  /// Octets every disk keeps free.
  public var reserve: Int

  public init(journal: Int = 0, reserve: Int = 0) {
    self.journal = journal
    self.reserve = reserve
  }
}

extension Settings {
  var fileLimits: FileLimits { FileLimits(journal: journalLimit, reserve: diskReserve) }
}
