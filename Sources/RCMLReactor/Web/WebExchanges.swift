import CSystem
import RCMLAgent
import RCMLBasics
import RCMLDocument
import RCMLMedia

/// HTTP exchanges: a name is resolved by us, so that no lookup ever blocks or needs a thread, and libcurl connects
/// to what was found and to nothing else. libcurl is loaded when the first one comes.
final class WebExchanges {
  /// No more begin, or end, in one step of the loop: a burst takes turns with everything else (attack N3, spec Y-10).
  private static let stepLimit = 8

  private let epoll: Int32
  private let answers: WebAnswers
  private let media: MediaDesk
  private var library = WebLibrary.unloaded
  private var waiting = WaitingExchanges()
  private var shares = ExchangeShares()
  /// libcurl may have answers that were not taken yet.
  private var hasAnswers = false
  /// How many more may begin in this step.
  private var startsLeft = WebExchanges.stepLimit
  /// Those that never got their turn (spec Y-13).
  private(set) var refusals = RefusalTally()
  /// Those whose answer is a sound.
  private var sounds: [ExchangeID: WebSound] = [:]
  private(set) var begun: UInt64 = 0

  init(poll: Poll, answers: WebAnswers, media: MediaDesk) {
    epoll = poll.descriptor
    self.answers = answers
    self.media = media
  }

  /// Those that have not ended.
  var count: Int { waiting.count + shares.runningCount + library.waiting.count }
  private var curl: OpaquePointer? { library.curl }
  /// How the others have ended.
  var ended: ExchangeCounters { answers.ended }

  var deadline: Instant {
    if hasAnswers || shares.hasTurn { return Instant(nanoseconds: 0) }
    let own = curl.map { Instant(nanoseconds: system_http_deadline($0)) } ?? .distantFuture
    return min(own, waiting.deadline, refusals.nextDeadline ?? .distantFuture)
  }

  /// The name that has to be looked up before it can begin: `resolved` is to follow. Nil = there is none.
  func begin(_ id: ExchangeID, _ exchange: HTTPExchange, _ turn: Turn) -> [UInt8]? {
    begun &+= 1
    guard library.load(on: epoll) else {
      library.add(.init(id: id, exchange: exchange, given: turn.now))
      return nil
    }
    return begin(id, exchange, given: turn.now, turn)
  }

  private func begin(
    _ id: ExchangeID, _ exchange: HTTPExchange, given: Instant, _ turn: Turn
  ) -> [UInt8]? {
    guard curl != nil else { return fail(id, .unavailable, turn) }
    guard !exchange.url.utf8.contains(0) else { return fail(id, .refused, turn) }
    var port: UInt16 = 0
    var host = ""
    let kind = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { room -> Int32 in
      guard let base = room.baseAddress else { return -1 }
      let kind = exchange.url.withCString { system_http_host($0, base, room.count, &port) }
      if kind >= 0 { host = String(cString: base) }
      return kind
    }
    guard kind >= 0 else { return fail(id, .refused, turn) }
    var new = WaitingExchanges.Waiting(
      exchange: exchange, given: given, host: host, port: port, entry: nil)
    guard kind == 1 else {
      waiting.lookUp(id, new)
      return Array(host.utf8)
    }
    new.entry = ""
    queue(id, new, turn)
    return nil
  }

  /// Nil: nothing is to be looked up for it.
  private func fail(_ id: ExchangeID, _ failure: HTTPFailure, _ turn: Turn) -> [UInt8]? {
    answers.failed(id, failure, turn)
    return nil
  }

  /// No address: there is no such host.
  func resolved(_ id: ExchangeID, _ addresses: [SocketAddress], _ turn: Turn) {
    guard var found = waiting.resolved(id) else { return }
    guard !addresses.isEmpty else { return answers.failed(id, .unresolved, turn) }
    let list = addresses.map(\.hostText)
    found.entry = "+\(found.host):\(found.port):" + list.joined(separator: ",")
    queue(id, found, turn)
  }

  private func queue(_ id: ExchangeID, _ new: WaitingExchanges.Waiting, _ turn: Turn) {
    if new.needsTrust, let curl, !system_http_prepare(curl) {
      return waiting.holdBack(id, new)
    }
    waiting.queue(id, new)
    shares.add(id, to: new.share, new.kind)
    startReady(turn)
  }

  /// A few; those that are left have their turn at the next step.
  private func startReady(_ turn: Turn) {
    while startsLeft > 0, let id = shares.next() {
      startsLeft -= 1
      if let next = waiting.begin(id) { start(id, next, turn) } else { shares.remove(id) }
    }
  }

  /// Certificates have been read, as far as they can be.
  private func startPrepared(_ turn: Turn) {
    for (id, new) in waiting.prepared() { shares.add(id, to: new.share, new.kind) }
    startReady(turn)
  }

  private func start(_ id: ExchangeID, _ next: WaitingExchanges.Waiting, _ turn: Turn) {
    guard let curl, next.start(curl, id, at: turn.now) else {
      shares.remove(id)
      return answers.failed(id, .unavailable, turn)
    }
    guard let sound = next.exchange.sound else { return }
    let path = next.exchange.url.prefix { $0 != "?" && $0 != "#" }
    sounds[id] = WebSound(id: sound, name: String(path))
  }

  func abort(_ id: ExchangeID, _ turn: Turn) {
    if library.forget(id) { return answers.aborted() }
    let isReading = media.abort(id)
    let isRunning = shares.remove(id)
    sounds[id] = nil
    let isWaiting = waiting.forget(id)
    if isReading || isRunning || isWaiting { answers.aborted() }
    guard isRunning, let curl else { return }
    system_http_abort(curl, id.number)
    startReady(turn)
  }

  /// The names that have to be looked up, as those of `begin`.
  func ready(
    _ socket: Int32, _ events: UInt32, _ turn: Turn
  ) -> [(id: ExchangeID, host: [UInt8])] {
    if let held = library.loaded(socket, on: epoll) {
      return held.compactMap { one in
        begin(one.id, one.exchange, given: one.given, turn).map { (one.id, $0) }
      }
    }
    guard let curl else { return [] }
    if system_http_is_prepared(curl, socket) {
      startPrepared(turn)
    } else {
      system_http_ready(curl, socket, events)
      takeAnswers(curl, turn)
    }
    return []
  }

  func timePassed(_ turn: Turn) {
    startsLeft = WebExchanges.stepLimit
    for (id, failure) in waiting.takeLate(turn.now) {
      shares.remove(id)
      if failure == .noTurn { refusals.refuse(.webTurns) }
      answers.failed(id, failure, turn)
    }
    guard let curl else { return }
    if system_http_deadline(curl) <= turn.now.nanoseconds {
      system_http_time_passed(curl)
      hasAnswers = true
    }
    if hasAnswers { takeAnswers(curl, turn) }
    startReady(turn)
  }

  /// What is to be told of those that got no turn.
  func popRefusal(_ now: Instant) -> Finding? {
    refusals.popDue(at: now).map { Finding($0.limit, refused: $0.count) }
  }

  private func takeAnswers(_ curl: OpaquePointer, _ turn: Turn) {
    var result = system_http_result()
    hasAnswers = false
    var taken = 0
    while system_http_next(curl, &result) {
      let id = ExchangeID(result.id)
      guard shares.remove(id) else { continue }
      take(result, of: id, turn)
      startReady(turn)
      taken += 1
      guard taken < WebExchanges.stepLimit else {
        hasAnswers = true
        return
      }
    }
  }

  private func take(_ result: system_http_result, of id: ExchangeID, _ turn: Turn) {
    let sound = sounds.removeValue(forKey: id)
    if let failure = HTTPFailure(outcome: result.outcome) {
      return answers.failed(id, failure, turn)
    }
    let answer = HTTPAnswer(result)
    if let sound, (200...299).contains(answer.status) {
      media.read(sound, of: id, answer, turn)
    } else {
      answers.answered(id, answer, turn)
    }
  }

  /// The library is left alone in a child that was forked: this is not called there.
  func close() {
    library.close()
    waiting = WaitingExchanges()
    shares = ExchangeShares()
    hasAnswers = false
    sounds = [:]
  }
}
