/// What became of a Say, Play, Gather or Record.
public enum Performed: Hashable, Sendable {
  case finished
  /// Gather: `key` ended it, 0 = none did (spec V-12).
  case gathered(digits: [UInt8], key: UInt8)
  /// Record: not empty; `key` ended it, 0 = none did (spec V-15). An empty recording is `finished`.
  case recorded(Recording, key: UInt8)
  /// Nobody here can do it: skipped with this warning (spec V-10, V-11, V-15).
  case unavailable
  /// It could have been done, but for this: half a sentence for people.
  case failed(String)
}
