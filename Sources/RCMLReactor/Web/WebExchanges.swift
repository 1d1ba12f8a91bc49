import CSystem
import RCMLAgent
import RCMLBasics
import RCMLMedia

/// HTTP exchanges by what they wait for. libcurl is loaded when the first one comes.
struct WebExchanges {
  /// More than this run at no time; the others wait their turn within their own time limit.
  static let concurrency = 256

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

  /// What the body of an answer is to become, and what its URL calls it.
  struct Sound {
    var id: SoundID
    var name: String
  }

  private let epoll: Int32
  private(set) var curl: OpaquePointer?
  var lookingUp: [ExchangeID: Waiting] = [:]
  var ready: [ExchangeID: Waiting] = [:]
  /// The order of `ready`; aborted ones are skipped when their turn comes.
  var turns: [ExchangeID] = []
  var firstTurn = 0
  var running: Set<ExchangeID> = []
  var sounds: [ExchangeID: Sound] = [:]
  /// No waiting exchange ends before that.
  var earliestWaiting = Instant.distantFuture

  init(epoll: Int32) { self.epoll = epoll }

  /// Nil: this machine has no libcurl.
  mutating func library() -> OpaquePointer? {
    if curl == nil { curl = system_http_create(epoll, Tag.http) }
    return curl
  }

  /// Those that have not ended.
  var count: Int { lookingUp.count + ready.count + running.count }

  /// Nobody wants its answer. True: its turn had not come.
  mutating func forget(_ id: ExchangeID) -> Bool {
    sounds[id] = nil
    let wasLookedUp = lookingUp.removeValue(forKey: id) != nil
    return ready.removeValue(forKey: id) != nil || wasLookedUp
  }

  var deadline: Instant {
    let own = curl.map { Instant(nanoseconds: system_http_deadline($0)) } ?? .distantFuture
    return min(own, earliestWaiting)
  }

  mutating func nextTurn() -> (ExchangeID, Waiting)? {
    guard running.count < WebExchanges.concurrency else { return nil }
    while firstTurn < turns.count {
      let id = turns[firstTurn]
      firstTurn += 1
      if let waiting = ready.removeValue(forKey: id) { return (id, waiting) }
    }
    turns.removeAll(keepingCapacity: true)
    firstTurn = 0
    return nil
  }

  /// Takes out what has waited too long.
  mutating func takeLate(_ now: Instant) -> [(ExchangeID, HTTPFailure)] {
    guard now >= earliestWaiting else { return [] }
    var late: [(ExchangeID, HTTPFailure)] = []
    for (id, waiting) in lookingUp where waiting.deadline <= now { late.append((id, .unresolved)) }
    for (id, waiting) in ready where waiting.deadline <= now { late.append((id, .timedOut)) }
    late.sort { $0.0.number < $1.0.number }
    for (id, _) in late {
      lookingUp[id] = nil
      ready[id] = nil
    }
    earliestWaiting = lookingUp.values.reduce(.distantFuture) { min($0, $1.deadline) }
    earliestWaiting = ready.values.reduce(earliestWaiting) { min($0, $1.deadline) }
    return late
  }

  mutating func close() {
    system_http_destroy(curl)
    curl = nil
    lookingUp = [:]
    ready = [:]
    turns = []
    running = []
    sounds = [:]
  }
}
