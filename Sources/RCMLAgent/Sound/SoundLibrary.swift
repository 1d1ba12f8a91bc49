import RCMLBasics
import RCMLDial
import RCMLMedia

/// The sounds that can be played, and those on their way (spec V-20): what may be played to whom, who waits for what, and what
/// has to be asked for. The rules in a row are in the room's README.md; `CachePolicy` says what one answer allows.
struct SoundLibrary {
  /// A performance that wants to know.
  struct Waiter: Hashable {
    var call: CallNumber
    var performance: PerformanceNumber
  }

  enum Answer: Equatable {
    case ready(SoundID)
    case underWay(SoundID)
    /// It has to be loaded. `asking`: what the server is to be asked, because we have a copy.
    case wanted(SoundID, asking: WebCondition?)
    /// More than `fetchLimit` are under way.
    case crowded
  }

  /// What became of a fetch.
  struct Settled: Equatable {
    /// What its waiters play: the new one, or the copy that it was asked about.
    var sound: SoundID
    var served: [Waiter] = []
    /// Of other calls: the answer is not theirs, and they have to ask for themselves.
    var others: [Waiter] = []
  }

  /// With those on their way.
  static let limit = 64
  /// What they may last together: with one more that is as long as one may be (ten minutes) it is less than what the
  /// reactor keeps.
  static let millisecondsLimit = 50 * 60 * 1_000
  /// On their way at once, however many performances wait for them.
  static let fetchLimit = 4_096

  private var copies = SoundCopies()
  private var fetches: [SoundID: SoundFetch] = [:]
  /// By whom a fetch can be joined: whoever wants the same, or only its own call.
  private var underWay: [SoundCopies.Place: SoundID] = [:]
  /// What each waits for or is about to play.
  private var wanted: [Waiter: [SoundID]] = [:]
  /// The last answer was for one call: whoever wants it does not wait for what another call is told.
  private var unshared = RecentKeys()

  /// `longest`: how long what came from elsewhere is believed at most. Its waiter is `released` later.
  mutating func want(
    _ key: SoundKey, by waiter: Waiter, newID: SoundID, _ request: RequestHeaders,
    longest: Interval, at now: Instant
  ) -> Answer {
    let places = [
      SoundCopies.Place(key: key, call: waiter.call), SoundCopies.Place(key: key, call: nil),
    ]
    var known: SoundCopies.Copy?
    for place in places {
      guard let copy = copies[place], copy.policy.matches(request) else { continue }
      if copy.policy.isFresh(longest: longest, at: now) {
        copies.use(copy.id)
        wanted[waiter, default: []].append(copy.id)
        return .ready(copy.id)
      }
      known = known ?? copy
    }
    for place in places {
      guard let id = underWay[place] else { continue }
      fetches[id]?.waiters.append(waiter)
      wanted[waiter, default: []].append(id)
      return .underWay(id)
    }
    guard fetches.count < SoundLibrary.fetchLimit else { return .crowded }
    // What there is nothing to ask by, or is no use, is not found any more.
    if let copy = known, copy.policy.condition == nil { copies.move(copy.id, to: nil) }
    let condition = known?.policy.condition
    if condition != nil, let known { copies.use(known.id) }
    fetches[newID] = SoundFetch(
      id: newID, key: key, call: waiter.call, renews: condition == nil ? nil : known?.id,
      waiters: [waiter], state: SoundLibrary.beginning(of: key, at: now))
    underWay[places[0]] = newID
    if !unshared.contains(key), underWay[places[1]] == nil { underWay[places[1]] = newID }
    wanted[waiter, default: []].append(newID)
    makeRoom()
    return .wanted(newID, asking: condition)
  }

  private static func beginning(of key: SoundKey, at now: Instant) -> SoundFetch.State {
    switch key {
    case .web: .asked
    case .file: .reading(.own(isForEver: false, at: now))
    // What is said by a program or the host today is said by it tomorrow.
    case .speech, .hostSpeech: .reading(.own(isForEver: true, at: now))
    }
  }

  func isUnderWay(_ id: SoundID) -> Bool { fetches[id] != nil }

  // MARK: what came of it

  /// What was read is a sound of that length, or none. Nil: there is more to come.
  mutating func read(
    _ id: SoundID, _ result: Result<Int, SoundFetch.Failure>, longest: Interval, at now: Instant
  ) -> (Settled, Result<Int, SoundFetch.Failure>)? {
    guard let fetch = fetches[id] else { return nil }
    switch fetch.state {
    case .asked:
      fetches[id]?.state = .read(result)
      return nil
    case .read: return nil
    case .reading(var policy):
      if case .file = fetch.key { policy = .own(isForEver: false, at: now) }
      return (finish(fetch, result, policy, [], longest, at: now), result)
    }
  }

  /// What the answer said of keeping it: a sound came with it, and was read, or will be.
  mutating func answered(
    _ id: SoundID, _ policy: CachePolicy, _ path: [WebHop], longest: Interval, at now: Instant
  ) -> (Settled, Result<Int, SoundFetch.Failure>)? {
    guard let fetch = fetches[id] else { return nil }
    switch fetch.state {
    case .asked:
      fetches[id]?.state = .reading(policy)
      return nil
    case .reading: return nil
    case .read(let result):
      return (finish(fetch, result, policy, path, longest, at: now), result)
    }
  }

  /// The copy still holds (304). Nil: it was not asked about one. `policy`: of what was said before and now.
  mutating func renewed(
    _ id: SoundID, by path: [WebHop], _ policy: ([WebHop]) -> CachePolicy, longest: Interval,
    at now: Instant
  ) -> Settled? {
    guard let fetch = fetches[id], let copy = fetch.renews.flatMap({ copies[$0] }),
      let old = copy.path.last, let new = path.last, new.url == old.url
    else { return nil }
    let path = path.dropLast() + [new.renewing(old.cacheFields)]
    let policy = policy(Array(path))
    copies.renew(copy.id, policy, Array(path))
    remove(fetch)
    let settled = deal(fetch, copy.id, policy, longest, at: now)
    place(copy.id, fetch, policy)
    copies.unuse(copy.id)
    makeRoom()
    return settled
  }

  /// It could not be had, and is asked for again the next time. `policy`: of the answer that says so.
  mutating func failed(_ id: SoundID, _ policy: CachePolicy?) -> Settled? {
    guard let fetch = fetches[id] else { return nil }
    remove(fetch)
    if let copy = fetch.renews { copies.unuse(copy) }
    var settled = Settled(sound: id)
    for waiter in waiters(of: fetch) {
      let isServed = waiter.call == fetch.call || policy.map { $0.reach == .everybody } ?? true
      drop(id, of: waiter)
      if isServed { settled.served.append(waiter) } else { settled.others.append(waiter) }
    }
    if !settled.others.isEmpty { unshared.insert(fetch.key) }
    makeRoom()
    return settled
  }

  private mutating func finish(
    _ fetch: SoundFetch, _ result: Result<Int, SoundFetch.Failure>, _ policy: CachePolicy,
    _ path: [WebHop], _ longest: Interval, at now: Instant
  ) -> Settled {
    guard case .success(let length) = result else {
      return failed(fetch.id, policy) ?? Settled(sound: fetch.id)
    }
    remove(fetch)
    // A journal may say anything.
    let milliseconds = min(max(0, length), SoundLibrary.millisecondsLimit)
    copies.add(fetch.id, milliseconds: milliseconds, policy, path)
    if let old = fetch.renews {
      copies.move(old, to: nil)
      copies.unuse(old)
    }
    let settled = deal(fetch, fetch.id, policy, longest, at: now)
    place(fetch.id, fetch, policy)
    copies.unuse(fetch.id)
    makeRoom()
    return settled
  }

  /// Where it is found from now on, if anywhere.
  private mutating func place(_ id: SoundID, _ fetch: SoundFetch, _ policy: CachePolicy) {
    let isOfUse = policy.term != .never || policy.condition != nil
    switch policy.reach {
    case .once: copies.move(id, to: nil)
    case .call:
      copies.move(id, to: isOfUse ? SoundCopies.Place(key: fetch.key, call: fetch.call) : nil)
    case .everybody:
      copies.move(id, to: isOfUse ? SoundCopies.Place(key: fetch.key, call: nil) : nil)
    }
  }

  /// To its own call in any case, to the others if they might have it without asking.
  private mutating func deal(
    _ fetch: SoundFetch, _ sound: SoundID, _ policy: CachePolicy, _ longest: Interval,
    at now: Instant
  ) -> Settled {
    let isShared = policy.reach == .everybody && isFresh(policy, fetch.key, longest, at: now)
    if isShared { unshared.remove(fetch.key) } else { unshared.insert(fetch.key) }
    var settled = Settled(sound: sound)
    for waiter in waiters(of: fetch) {
      drop(fetch.id, of: waiter)
      guard isShared || waiter.call == fetch.call else {
        settled.others.append(waiter)
        continue
      }
      settled.served.append(waiter)
      copies.use(sound)
      wanted[waiter, default: []].append(sound)
    }
    return settled
  }

  /// Of files nobody forbids anything: who waits for one has the same as the others.
  private func isFresh(
    _ policy: CachePolicy, _ key: SoundKey, _ longest: Interval, at now: Instant
  ) -> Bool {
    if case .file = key { return true }
    return policy.isFresh(longest: longest, at: now)
  }

  /// Each once, in their order, without those who have left.
  private func waiters(of fetch: SoundFetch) -> [Waiter] {
    var seen: Set<Waiter> = []
    return fetch.waiters.filter {
      wanted[$0]?.contains(fetch.id) == true && seen.insert($0).inserted
    }
  }

  private mutating func remove(_ fetch: SoundFetch) {
    fetches[fetch.id] = nil
    for call in [fetch.call, nil] {
      let place = SoundCopies.Place(key: fetch.key, call: call)
      if underWay[place] == fetch.id { underWay[place] = nil }
    }
  }

  private mutating func drop(_ id: SoundID, of waiter: Waiter) {
    wanted[waiter]?.removeAll { $0 == id }
    if wanted[waiter]?.isEmpty == true { wanted[waiter] = nil }
  }

  // MARK: who does not wait any more

  /// It plays now, or never will.
  mutating func released(by waiter: Waiter) {
    for id in wanted.removeValue(forKey: waiter) ?? [] { copies.unuse(id) }
    makeRoom()
  }

  /// What was for this call alone goes with it.
  mutating func callEnded(_ call: CallNumber) { copies.callEnded(call) }

  /// Those that are not kept any more, to be forgotten by the engine, too.
  mutating func takeForgotten() -> [SoundID] { copies.takeForgotten() }

  private mutating func makeRoom() {
    let count = fetches.count
    copies.makeRoom {
      $0.count + count > SoundLibrary.limit || $0.milliseconds > SoundLibrary.millisecondsLimit
    }
  }
}
