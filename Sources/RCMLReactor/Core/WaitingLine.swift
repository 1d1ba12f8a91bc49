/// Who waits for a turn, in order. Whoever is taken out before it is skipped when the turn comes, and everything else is
/// found by its key: a line of thousands costs no search.
struct WaitingLine<Key: Hashable, Value> {
  private var values: [Key: Value] = [:]
  private var turns: [Key] = []
  private var firstTurn = 0

  var count: Int { values.count }

  subscript(key: Key) -> Value? { values[key] }

  /// In no order.
  var all: [Key: Value] { values }

  /// Behind all others.
  mutating func append(_ key: Key, _ value: Value) {
    values[key] = value
    turns.append(key)
  }

  mutating func next() -> (key: Key, value: Value)? {
    // A line that is never empty must not keep all who ever stood in it.
    if firstTurn > max(64, turns.count / 2) {
      turns.removeFirst(firstTurn)
      firstTurn = 0
    }
    while firstTurn < turns.count {
      let key = turns[firstTurn]
      firstTurn += 1
      if let value = values.removeValue(forKey: key) { return (key, value) }
    }
    turns.removeAll(keepingCapacity: true)
    firstTurn = 0
    return nil
  }

  @discardableResult
  mutating func remove(_ key: Key) -> Value? { values.removeValue(forKey: key) }
}
