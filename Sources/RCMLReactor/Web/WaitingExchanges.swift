import RCMLAgent
import RCMLBasics

/// Exchanges that have not begun: those whose host is being looked up, and those that wait for their turn.
struct WaitingExchanges {
  struct Waiting {
    var exchange: HTTPExchange
    var given: Instant
    /// Where a name has to be resolved first: name and port.
    var host: String
    var port: UInt16
    var entry: String?

    /// The end of its lookup, or of its wait for a turn.
    var deadline: Instant {
      given + (entry == nil ? exchange.connectTimeout : exchange.timeout)
    }
  }

  private var lookingUp: [ExchangeID: Waiting] = [:]
  private var ready = WaitingLine<ExchangeID, Waiting>()
  /// None of them ends before that.
  private(set) var deadline = Instant.distantFuture

  var count: Int { lookingUp.count + ready.count }

  /// Until its host has an address.
  mutating func lookUp(_ id: ExchangeID, _ waiting: Waiting) {
    lookingUp[id] = waiting
    deadline = min(deadline, waiting.deadline)
  }

  /// Nil: nobody waits for that any more.
  mutating func resolved(_ id: ExchangeID) -> Waiting? { lookingUp.removeValue(forKey: id) }

  /// Behind all others that are ready.
  mutating func queue(_ id: ExchangeID, _ waiting: Waiting) { ready.append(id, waiting) }

  /// Its turn did not come at once.
  mutating func watch(_ id: ExchangeID) {
    if let waiting = ready[id] { deadline = min(deadline, waiting.deadline) }
  }

  mutating func next() -> (key: ExchangeID, value: Waiting)? { ready.next() }

  /// Nobody wants its answer. True: its turn had not come.
  mutating func forget(_ id: ExchangeID) -> Bool {
    let wasLookedUp = lookingUp.removeValue(forKey: id) != nil
    return ready.remove(id) != nil || wasLookedUp
  }

  /// Takes out what has waited too long.
  mutating func takeLate(_ now: Instant) -> [(ExchangeID, HTTPFailure)] {
    guard now >= deadline else { return [] }
    var late: [(ExchangeID, HTTPFailure)] = []
    for (id, waiting) in lookingUp where waiting.deadline <= now { late.append((id, .unresolved)) }
    for (id, waiting) in ready.all where waiting.deadline <= now { late.append((id, .timedOut)) }
    late.sort { $0.0.number < $1.0.number }
    for (id, _) in late {
      lookingUp[id] = nil
      ready.remove(id)
    }
    deadline = lookingUp.values.reduce(.distantFuture) { min($0, $1.deadline) }
    deadline = ready.all.values.reduce(deadline) { min($0, $1.deadline) }
    return late
  }
}
