import RCMLBasics

/// All of SIP behind one object: listeners and streams in, INVITE sessions out (spec U, T).
///
/// Feed it what the network said, ask it for what a call needs, then take its effects with `nextEffect()`
/// until there are none, and call `timePassed` at `nextDeadline`. It decides nothing itself: README.md of this room shows
/// the layers behind it and what goes between them.
public final class UserAgent {
  let context: UserAgentContext
  let transport: TransportLayer
  let transactions: TransactionLayer
  let sessions: SessionLayer

  public init(random: RandomSource, settings: Settings) {
    context = UserAgentContext(random: random, settings: UserAgentSettings(settings))
    transport = TransportLayer(context: context)
    transactions = TransactionLayer(context: context, transport: transport)
    sessions = SessionLayer(
      context: context, transport: transport, transactions: transactions)
  }

  /// Settings changed: they hold for what begins from now on.
  public func apply(_ settings: Settings) { context.apply(UserAgentSettings(settings)) }

  /// 128 random bits (failures T8).
  public func makeCallID() -> [UInt8] {
    var writer = ByteWriter(capacity: 32)
    writer.appendHex(context.nextRandom())
    writer.appendHex(context.nextRandom())
    return writer.finish()
  }

  /// New INVITEs get 503 from now on (spec Q-6).
  public func drain() { sessions.drain() }

  /// The process has as much memory as `max_memory` allows: no call begins until it has less (spec Y-9).
  public func memoryIs(full: Bool) { sessions.admission.memoryIs(full: full) }

  /// What a replay knows from its journal about the next INVITEs.
  public func foresee(_ verdict: UInt8) { sessions.foresee(verdict) }

  /// The last datagram was a stranger's: it was refused, or was an OPTIONS, and left nothing behind (spec Y-7).
  public var metStranger: Bool { context.isStranger }

  public func nextEffect() -> UserAgentEffect? { context.nextEffect() }

  public var counters: UserAgentCounters { context.counts.counters }

  /// Sessions, transactions and streams still held; all zero when nothing is left (invariant I-S6).
  public var census: Census {
    var census = Census()
    census.sessions = sessions.count
    census.transactions =
      transactions.clients.count + transactions.servers.count + transport.searchCount
    census.streams = transport.connectionCount
    return census
  }

  public struct Census: Hashable, Sendable {
    public var sessions = 0
    public var transactions = 0
    public var streams = 0
    public init() {}
  }

  // MARK: - Between the layers

  /// Hands what each layer tells to the one above, until nobody has anything to tell.
  func settle(at now: Instant) {
    passEvents(at: now)
    dropStaleDeadlines()
  }

  private func passEvents(at now: Instant) {
    while true {
      if let event = transactions.nextEvent(at: now) {
        sessions.take(event, at: now)
        continue
      }
      guard let event = transport.nextEvent(at: now) else { return }
      switch event {
      case .message(let message, let path, let local):
        transactions.take(message, path, local: local, at: now)
      case .overdue(let message, let path, let local):
        transactions.take(message, path, local: local, isOverdue: true, at: now)
      case .malformed(let malformed, let flow):
        // A response may end a transaction of ours all the same.
        if malformed.message?.isRequest ?? true { context.noteStranger() }
        transactions.stateless.refuse(malformed, over: flow, at: now)
        transactions.clients.take(malformed, at: now)
      case .destinationRefused(let destination, let failure):
        transactions.clients.destinationRefused(destination, failure)
      case .connectionLost(let id, let failure):
        transactions.clients.connectionLost(id, failure)
      case .found(let search, let path): sessions.found(search, path, at: now)
      case .failed(let search, let reason): sessions.searchFailed(search, reason, at: now)
      }
    }
  }

  // MARK: - Time

  public var nextDeadline: Deadline? { context.timers.first?.deadline }

  public func timePassed(at now: Instant) {
    while let entry = context.timers.popFirst(dueAt: now) { fire(entry, at: now) }
    dropStaleDeadlines()
  }

  /// What ran out before `now`. What runs out at this very instant comes after what has arrived: an answer beats the
  /// repetition of its request.
  func timePassed(before now: Instant) {
    let last = now + Interval(nanoseconds: -1)
    while let entry = context.timers.popFirst(dueAt: last) { fire(entry, at: now) }
  }

  private func fire(_ entry: TimerQueue.Entry, at now: Instant) {
    let due = entry.deadline.instant
    switch entry.owner {
    case .connection(let id): transport.fire(id, due: due, at: now)
    case .search(let number): transport.fire(search: number, due: due, at: now)
    case .client(let number): transactions.clients.fire(number, due: due, at: now)
    case .server(let number): transactions.servers.fire(number, due: due, at: now)
    case .session(let number): sessions.fire(number, due: due, at: now)
    case .listener(let id): closeListenerIfUnused(id, at: now)
    }
    passEvents(at: now)
  }

  /// Keeps `nextDeadline` true: whoever drives us is not woken for nothing.
  private func dropStaleDeadlines() {
    while let entry = context.timers.first {
      let due = entry.deadline.instant
      let isKept =
        switch entry.owner {
        case .connection(let id): transport.keeps(id, due: due)
        case .search(let number): transport.keeps(search: number, due: due)
        case .client(let number): transactions.clients.keeps(number, due: due)
        case .server(let number): transactions.servers.keeps(number, due: due)
        case .session(let number): sessions.keeps(number, due: due)
        case .listener(let id): transport.isLeaving(id)
        }
      if isKept { return }
      _ = context.timers.popFirst()
    }
  }
}
