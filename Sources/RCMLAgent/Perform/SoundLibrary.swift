import RCMLBasics
import RCMLDial
import RCMLMedia

/// The sounds that can be played, and those on their way; each is asked for once, however many calls wait for it.
struct SoundLibrary {
  /// A performance that wants to know.
  struct Waiter: Hashable {
    var call: CallNumber
    var performance: PerformanceNumber
  }

  enum Answer: Equatable {
    case ready(SoundID)
    case underWay(SoundID)
    /// Nobody asked for it before: it has to be loaded.
    case wanted(SoundID)
  }

  static let limit = 64

  private struct Entry {
    let key: SoundKey
    let id: SoundID
    var waiters: [Waiter]
    /// nil = on its way.
    var readyAt: Instant?
  }

  /// In the order in which they were asked for.
  private var entries: [Entry] = []
  /// Those that are not kept any more, to be forgotten by the engine, too.
  private(set) var forgotten: [SoundID] = []

  /// `lifetime`: how long what came from elsewhere is believed.
  mutating func want(
    _ key: SoundKey, by waiter: Waiter, newID: SoundID, lifetime: Interval, at now: Instant
  ) -> Answer {
    if let place = entries.firstIndex(where: { $0.key == key }) {
      guard let readyAt = entries[place].readyAt else {
        entries[place].waiters.append(waiter)
        return .underWay(entries[place].id)
      }
      if isFresh(key, readyAt, lifetime, now) { return .ready(entries[place].id) }
      forgotten.append(entries.remove(at: place).id)
    }
    if entries.count >= SoundLibrary.limit,
      let oldest = entries.firstIndex(where: { $0.readyAt != nil })
    {
      forgotten.append(entries.remove(at: oldest).id)
    }
    entries.append(Entry(key: key, id: newID, waiters: [waiter], readyAt: nil))
    return .wanted(newID)
  }

  /// What is said by a program today is said by it tomorrow.
  private func isFresh(
    _ key: SoundKey, _ readyAt: Instant, _ lifetime: Interval, _ now: Instant
  ) -> Bool {
    switch key {
    case .speech: true
    case .web, .file: now - readyAt <= lifetime
    }
  }

  /// Who waited for it. One that could not be had is asked for again the next time.
  mutating func settled(_ id: SoundID, isThere: Bool, at now: Instant) -> [Waiter] {
    guard let place = entries.firstIndex(where: { $0.id == id }), entries[place].readyAt == nil
    else { return [] }
    let waiters = entries[place].waiters
    if isThere {
      entries[place].readyAt = now
      entries[place].waiters = []
    } else {
      entries.remove(at: place)
    }
    return waiters
  }

  func isUnderWay(_ id: SoundID) -> Bool {
    entries.contains { $0.id == id && $0.readyAt == nil }
  }

  mutating func takeForgotten() -> [SoundID] {
    defer { forgotten = [] }
    return forgotten
  }
}
