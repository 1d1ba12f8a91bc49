import RCMLAgent
import RCMLBasics

/// Exchanges that have not begun: those whose host is being looked up, those that wait for certificates to be read, and those
/// that wait for their turn.
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

    var share: ExchangeShares.Host { ExchangeShares.Host(name: host, port: port) }
    var kind: ExchangeShares.Kind { exchange.isCallback ? .callback : .document }
    /// Its server is to be known by certificates.
    var needsTrust: Bool { exchange.verifiesTLS && exchange.url.prefix(6).lowercased() == "https:" }
  }

  /// No more are given up in one step of the loop: each has consequences.
  private static let lateLimit = 16

  private var lookingUp: [ExchangeID: Waiting] = [:]
  private var ready: [ExchangeID: Waiting] = [:]
  private var unprepared: [ExchangeID] = []
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

  /// It may begin when its turn comes.
  mutating func queue(_ id: ExchangeID, _ waiting: Waiting) {
    ready[id] = waiting
    deadline = min(deadline, waiting.deadline)
  }

  /// Until certificates are read.
  mutating func holdBack(_ id: ExchangeID, _ waiting: Waiting) {
    queue(id, waiting)
    unprepared.append(id)
  }

  /// Those that were held back, in order.
  mutating func prepared() -> [(id: ExchangeID, waiting: Waiting)] {
    defer { unprepared = [] }
    return unprepared.compactMap { id in ready[id].map { (id, $0) } }
  }

  /// Its turn has come.
  mutating func begin(_ id: ExchangeID) -> Waiting? { ready.removeValue(forKey: id) }

  /// Nobody wants its answer. True: its turn had not come.
  mutating func forget(_ id: ExchangeID) -> Bool {
    let wasLookedUp = lookingUp.removeValue(forKey: id) != nil
    return ready.removeValue(forKey: id) != nil || wasLookedUp
  }

  /// Takes out what has waited too long, a few at a time.
  mutating func takeLate(_ now: Instant) -> [(id: ExchangeID, failure: HTTPFailure)] {
    guard now >= deadline else { return [] }
    var late: [(id: ExchangeID, failure: HTTPFailure)] = []
    for (id, waiting) in lookingUp where waiting.deadline <= now { late.append((id, .unresolved)) }
    for (id, waiting) in ready where waiting.deadline <= now { late.append((id, .noTurn)) }
    late.sort { $0.id.number < $1.id.number }
    late = Array(late.prefix(WaitingExchanges.lateLimit))
    for (id, _) in late {
      lookingUp[id] = nil
      ready[id] = nil
    }
    deadline = lookingUp.values.reduce(.distantFuture) { min($0, $1.deadline) }
    deadline = ready.values.reduce(deadline) { min($0, $1.deadline) }
    return late
  }
}
