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
  /// What they may last together: with one more that is as long as one may be (ten minutes) it is less than what the
  /// reactor keeps.
  static let millisecondsLimit = 50 * 60 * 1_000

  private struct Entry {
    let key: SoundKey
    let id: SoundID
    /// Those who wait for it, or for another sound before they play it.
    var waiters: [Waiter]
    /// nil = on its way.
    var readyAt: Instant?
    var milliseconds = 0
    /// It was asked for anew: whoever waits plays it, and nobody after that.
    var isStale = false
  }

  /// In the order in which they were asked for.
  private var entries: [Entry] = []
  private var forgotten: [SoundID] = []

  /// `lifetime`: how long what came from elsewhere is believed. Its waiter is `released` later.
  mutating func want(
    _ key: SoundKey, by waiter: Waiter, newID: SoundID, lifetime: Interval, at now: Instant
  ) -> Answer {
    if let place = entries.firstIndex(where: { $0.key == key && !$0.isStale }) {
      let entry = entries[place]
      if entry.readyAt.map({ isFresh(key, $0, lifetime, now) }) ?? true {
        entries[place].waiters.append(waiter)
        return entry.readyAt == nil ? .underWay(entry.id) : .ready(entry.id)
      }
      entries[place].isStale = true
    }
    entries.append(Entry(key: key, id: newID, waiters: [waiter]))
    makeRoom()
    return .wanted(newID)
  }

  /// What is said by a program or the host today is said by it tomorrow.
  private func isFresh(
    _ key: SoundKey, _ readyAt: Instant, _ lifetime: Interval, _ now: Instant
  ) -> Bool {
    switch key {
    case .speech, .hostSpeech: true
    case .web, .file: now - readyAt <= lifetime
    }
  }

  /// Who waits for it. `milliseconds`: its length; nil = it could not be had, and is asked for again the next time.
  mutating func settled(_ id: SoundID, milliseconds: Int?, at now: Instant) -> [Waiter] {
    guard let place = entries.firstIndex(where: { $0.id == id }), entries[place].readyAt == nil
    else { return [] }
    let waiters = entries[place].waiters
    if let milliseconds {
      entries[place].readyAt = now
      // A journal may say anything.
      entries[place].milliseconds = min(max(0, milliseconds), SoundLibrary.millisecondsLimit)
    } else {
      entries.remove(at: place)
    }
    makeRoom()
    return waiters
  }

  /// It plays now, or never will.
  mutating func released(by waiter: Waiter) {
    for place in entries.indices { entries[place].waiters.removeAll { $0 == waiter } }
    makeRoom()
  }

  func isUnderWay(_ id: SoundID) -> Bool {
    entries.contains { $0.id == id && $0.readyAt == nil }
  }

  /// Those that are not kept any more, to be forgotten by the engine, too.
  mutating func takeForgotten() -> [SoundID] {
    defer { forgotten = [] }
    return forgotten
  }

  /// The stale ones go, and of the others the oldest until there is room; never one that somebody waits for.
  private mutating func makeRoom() {
    while forget({ $0.isStale }) {}
    var isFull: Bool {
      entries.count > SoundLibrary.limit
        || entries.reduce(0) { $0 + $1.milliseconds } > SoundLibrary.millisecondsLimit
    }
    while isFull, forget({ _ in true }) {}
  }

  /// The oldest ready one of that kind that nobody waits for. False: there is none.
  private mutating func forget(_ isMeant: (Entry) -> Bool) -> Bool {
    let place = entries.firstIndex {
      $0.readyAt != nil && $0.waiters.isEmpty && isMeant($0)
    }
    guard let place else { return false }
    forgotten.append(entries.remove(at: place).id)
    return true
  }
}
