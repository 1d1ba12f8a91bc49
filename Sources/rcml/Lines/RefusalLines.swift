/// Refusals of one kind are one line a second with their number: strangers decide how many there are (spec Y-7).
///
/// The first of a kind is written at once, those that follow when its second is over, as the last of them and how many.
struct RefusalLines {
  private struct Kind {
    var end: Int64
    var count = 0
    var last: EventLine
  }

  static let pause: Int64 = 1_000
  /// Kinds are few words of ours; should there ever be more, they share a second.
  private static let limit = 64

  private var kinds: [String: Kind] = [:]

  /// When `popDue` has something to say.
  var deadline: Int64? { kinds.values.map(\.end).min() }

  /// What is to be written now; nil = later.
  mutating func add(_ kind: String, _ line: EventLine, at now: Int64) -> EventLine? {
    let kind = kinds[kind] == nil && kinds.count >= RefusalLines.limit ? "" : kind
    guard kinds[kind] != nil else {
      kinds[kind] = Kind(end: now + RefusalLines.pause, last: line)
      return line
    }
    kinds[kind]?.count += 1
    kinds[kind]?.last = line
    return nil
  }

  /// What has come together in seconds that are over.
  mutating func popDue(at now: Int64) -> [(line: EventLine, count: Int)] {
    var due: [(line: EventLine, count: Int)] = []
    for (name, kind) in kinds.sorted(by: { $0.key < $1.key }) where kind.end <= now {
      if kind.count > 0 {
        due.append((kind.last, kind.count))
        kinds[name] = Kind(end: now + RefusalLines.pause, last: kind.last)
      } else {
        kinds[name] = nil
      }
    }
    return due
  }

  /// What is left at the end.
  mutating func popAll() -> [(line: EventLine, count: Int)] {
    defer { kinds = [:] }
    return kinds.sorted { $0.key < $1.key }.filter { $0.value.count > 0 }.map {
      ($0.value.last, $0.value.count)
    }
  }
}
