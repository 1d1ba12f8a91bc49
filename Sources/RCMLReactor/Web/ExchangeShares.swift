import RCMLAgent
import RCMLBasics

/// Whose turn it is: exchanges wait for one by the host and port that they go to, and none of these has more than its share
/// (spec Y-10). What a call waits for comes before callbacks, and callbacks never have all of a share: a server that takes no
/// callbacks still gives documents.
///
/// Hosts that wait take turns, in the order in which they began to; those of one host in theirs.
struct ExchangeShares {
  struct Host: Hashable {
    let name: String
    let port: UInt16
  }

  enum Kind: Int, CaseIterable { case document, callback }

  /// Under way at once: all, and of one host; and how many of these may be callbacks.
  struct Bounds {
    var all = 256
    var callbacks = 192
    var ofHost = 32
    var callbacksOfHost = 24
  }

  private final class Share {
    var running = [0, 0]
    var waiting = [WaitingLine<ExchangeID, Void>(), WaitingLine<ExchangeID, Void>()]
    var isIdle: Bool {
      running.allSatisfy { $0 == 0 } && waiting.allSatisfy { $0.count == 0 }
    }
  }

  private let bounds: Bounds
  private var shares: [Host: Share] = [:]
  private var places: [ExchangeID: (host: Host, kind: Kind)] = [:]
  private var running: [ExchangeID: Kind] = [:]
  private var runningCallbacks = 0
  /// Hosts that have something waiting and room for it.
  private var turns = [WaitingLine<Host, Void>(), WaitingLine<Host, Void>()]

  init(bounds: Bounds = Bounds()) { self.bounds = bounds }

  var runningCount: Int { running.count }
  var waitingCount: Int { places.count - running.count }
  func isRunning(_ id: ExchangeID) -> Bool { running[id] != nil }

  /// Behind all others of its host and kind.
  mutating func add(_ id: ExchangeID, to host: Host, _ kind: Kind) {
    let share = shares[host] ?? Share()
    shares[host] = share
    places[id] = (host, kind)
    share.waiting[kind.rawValue].append(id, ())
    queue(host, share, kind)
  }

  /// A turn would come at once.
  var hasTurn: Bool {
    running.count < bounds.all
      && (turns[0].count > 0 || turns[1].count > 0 && runningCallbacks < bounds.callbacks)
  }

  /// Its turn has come, it runs from now on. Nil: nobody's.
  mutating func next() -> ExchangeID? {
    guard running.count < bounds.all else { return nil }
    for kind in Kind.allCases {
      if kind == .callback, runningCallbacks >= bounds.callbacks { continue }
      while let (host, _) = turns[kind.rawValue].next() {
        guard let share = shares[host], hasRoom(share, kind),
          let (id, _) = share.waiting[kind.rawValue].next()
        else { continue }
        share.running[kind.rawValue] += 1
        running[id] = kind
        if kind == .callback { runningCallbacks += 1 }
        queue(host, share, kind)
        return id
      }
    }
    return nil
  }

  /// It ran and has ended, or waits no more. True: it ran.
  @discardableResult
  mutating func remove(_ id: ExchangeID) -> Bool {
    guard let (host, kind) = places.removeValue(forKey: id), let share = shares[host] else {
      return false
    }
    let ran = running.removeValue(forKey: id) != nil
    if ran {
      share.running[kind.rawValue] -= 1
      if kind == .callback { runningCallbacks -= 1 }
      for kind in Kind.allCases { queue(host, share, kind) }
    } else {
      share.waiting[kind.rawValue].remove(id)
    }
    if share.isIdle { shares[host] = nil }
    return ran
  }

  private mutating func queue(_ host: Host, _ share: Share, _ kind: Kind) {
    guard share.waiting[kind.rawValue].count > 0, hasRoom(share, kind),
      turns[kind.rawValue][host] == nil
    else { return }
    turns[kind.rawValue].append(host, ())
  }

  private func hasRoom(_ share: Share, _ kind: Kind) -> Bool {
    guard share.running[0] + share.running[1] < bounds.ofHost else { return false }
    return kind == .document || share.running[1] < bounds.callbacksOfHost
  }
}
