import RCMLBasics

/// What still hangs on a session: it goes when it has ended and nothing does any more, because until then repeated 2xx
/// must find it (F-6).
struct SessionLife {
  /// Requests of ours that have a transaction, and how many wait for a way.
  private var requests: [SentRequest] = []
  private var pending = 0
  /// Transactions of the peer's inside its dialogs.
  private(set) var served = 0
  /// Of both kinds: what is kept for it (`Limits.sessionOctets`).
  private(set) var octets = 0
  private(set) var isEnded = false
  /// Its entry in the queue of deadlines.
  var timer = TimerSlot()

  var isOver: Bool { isEnded && requests.isEmpty && pending == 0 }

  mutating func end() { isEnded = true }

  mutating func sent(_ request: SentRequest) {
    // An INVITE and, before it is forgotten, the BYE.
    if requests.isEmpty { requests.reserveCapacity(2) }
    requests.append(request)
    octets += request.octets
  }

  mutating func forget(_ transaction: UInt64) {
    if let index = requests.firstIndex(where: { $0.transaction == transaction }) {
      octets -= requests.remove(at: index).octets
    }
  }

  func request(_ transaction: UInt64) -> SentRequest? {
    for request in requests where request.transaction == transaction { return request }
    return nil
  }

  mutating func beginWaiting(_ octets: Int) {
    pending += 1
    self.octets += octets
  }

  mutating func endWaiting(_ octets: Int) {
    pending -= 1
    self.octets -= octets
  }

  mutating func beginServing(_ octets: Int) {
    served += 1
    self.octets += octets
  }

  mutating func endServing(_ octets: Int) {
    served -= 1
    self.octets -= octets
  }
}
