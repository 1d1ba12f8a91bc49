import RCMLBasics

/// What the settings say of files that somebody else writes for the agent (spec Y-7).
package struct FileLimits: Equatable, Sendable {
  /// Octets a journal may have before it is begun anew; 0 = any number.
  package var journal: Int
  /// Octets every disk keeps free.
  package var reserve: Int

  package init(journal: Int = 0, reserve: Int = 0) {
    self.journal = journal
    self.reserve = reserve
  }
}

extension Settings {
  var fileLimits: FileLimits { FileLimits(journal: journalLimit, reserve: diskReserve) }
}
