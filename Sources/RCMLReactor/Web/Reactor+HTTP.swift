import CSystem
import RCMLAgent
import RCMLBasics

/// HTTP exchanges: a name is resolved by us, so that no lookup ever blocks or needs a thread, and libcurl connects
/// to what was found and to nothing else.
extension Reactor {
  func startExchange(_ id: ExchangeID, _ exchange: HTTPExchange, _ now: Instant) {
    counters.exchanges &+= 1
    guard web.library() != nil else { return tell(.exchangeFailed(id, .unavailable), now) }
    guard !exchange.url.utf8.contains(0) else { return tell(.exchangeFailed(id, .refused), now) }
    var port: UInt16 = 0
    var host = ""
    let kind = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { room -> Int32 in
      guard let base = room.baseAddress else { return -1 }
      let kind = exchange.url.withCString { system_http_host($0, base, room.count, &port) }
      if kind >= 0 { host = String(cString: base) }
      return kind
    }
    guard kind >= 0 else { return tell(.exchangeFailed(id, .refused), now) }
    var waiting = WebExchanges.Waiting(
      exchange: exchange, given: now, host: host, port: port, entry: nil)
    if kind == 1 {
      waiting.entry = ""
      queue(id, waiting, now)
    } else {
      web.lookingUp[id] = waiting
      web.earliestWaiting = min(web.earliestWaiting, waiting.deadline)
      guard names.start(.exchange(id), host: Array(host.utf8)) else {
        web.lookingUp[id] = nil
        return tell(.exchangeFailed(id, .unresolved), now)
      }
      takeAddresses(now)  // /etc/hosts may have answered already
    }
  }

  func exchangeResolved(_ id: ExchangeID, _ addresses: [SocketAddress], _ now: Instant) {
    guard var waiting = web.lookingUp.removeValue(forKey: id) else { return }
    guard !addresses.isEmpty else { return tell(.exchangeFailed(id, .unresolved), now) }
    let list = addresses.map(\.hostText)
    waiting.entry = "+\(waiting.host):\(waiting.port):" + list.joined(separator: ",")
    queue(id, waiting, now)
  }

  private func queue(_ id: ExchangeID, _ waiting: WebExchanges.Waiting, _ now: Instant) {
    web.ready[id] = waiting
    web.turns.append(id)
    startReady(now)
    if web.ready[id] != nil { web.earliestWaiting = min(web.earliestWaiting, waiting.deadline) }
  }

  private func startReady(_ now: Instant) {
    while let (id, waiting) = web.nextTurn() { begin(id, waiting, now) }
  }

  private func begin(_ id: ExchangeID, _ waiting: WebExchanges.Waiting, _ now: Instant) {
    let exchange = waiting.exchange
    guard let curl = web.curl,
      let started = exchange.url.withCString({ system_http_begin(curl, id.number, $0) })
    else { return tell(.exchangeFailed(id, .unavailable), now) }
    for header in exchange.headers {
      // libcurl takes "Name;" for a header without a value; "Name:" would remove it.
      let line =
        header.value.isEmpty ? header.name + [0x3B] : header.name + [0x3A, 0x20] + header.value
      guard !line.contains(where: { $0 == 0 || $0 == 13 || $0 == 10 }) else { continue }
      String(decoding: line, as: UTF8.self).withCString { system_http_header(started, $0) }
    }
    if exchange.method == "POST" {
      exchange.body.withUnsafeBytes { system_http_body(started, $0.baseAddress, $0.count) }
    }
    exchange.method.withCString { system_http_method(started, $0) }
    let spent = (now - waiting.given).wholeMilliseconds
    system_http_limits(
      started, Int64(exchange.connectTimeout.wholeMilliseconds - spent),
      Int64(exchange.timeout.wholeMilliseconds - spent), max(0, exchange.bodyLimit))
    system_http_policy(started, exchange.blocksPrivateAddresses, exchange.verifiesTLS)
    if let entry = waiting.entry, !entry.isEmpty {
      entry.withCString { system_http_resolved(started, $0) }
    }
    guard system_http_start(started) else { return tell(.exchangeFailed(id, .unavailable), now) }
    web.running.insert(id)
    guard let sound = exchange.sound else { return }
    let path = exchange.url.prefix { $0 != "?" && $0 != "#" }
    web.sounds[id] = WebExchanges.Sound(id: sound, name: String(path))
  }

  func abortExchange(_ id: ExchangeID, _ now: Instant) {
    let isReading = media?.sounds.abort(id) ?? false
    let isRunning = web.running.remove(id) != nil
    let isWaiting = web.forget(id)
    if isReading || isRunning || isWaiting { counters.ended.aborted &+= 1 }
    guard isRunning, let curl = web.curl else { return }
    system_http_abort(curl, id.number)
    startReady(now)
  }

  func httpReady(_ socket: Int32, _ events: UInt32, _ now: Instant) {
    guard let curl = web.curl else { return }
    system_http_ready(curl, socket, events)
    takeAnswers(curl, now)
  }

  func httpTimePassed(_ now: Instant) {
    for (id, failure) in web.takeLate(now) { tell(.exchangeFailed(id, failure), now) }
    guard let curl = web.curl, system_http_deadline(curl) <= now.nanoseconds else { return }
    system_http_time_passed(curl)
    takeAnswers(curl, now)
  }

  private func takeAnswers(_ curl: OpaquePointer, _ now: Instant) {
    var result = system_http_result()
    while system_http_next(curl, &result) {
      let id = ExchangeID(result.id)
      guard web.running.remove(id) != nil else { continue }
      let sound = web.sounds.removeValue(forKey: id)
      if let failure = Reactor.failure(result.outcome) {
        tell(.exchangeFailed(id, failure), now)
      } else {
        let body = UnsafeRawBufferPointer(start: result.body, count: result.body_length)
        let answer = HTTPAnswer(
          status: UInt16(clamping: result.status),
          contentType: Reactor.text(result.content_type), location: Reactor.text(result.location),
          body: Array(body))
        if let sound, (200...299).contains(answer.status) {
          read(sound, of: id, answer, now)
        } else {
          tell(.exchangeAnswered(id, answer), now)
        }
      }
      startReady(now)
    }
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }

  private static func failure(_ outcome: Int32) -> HTTPFailure? {
    switch outcome {
    case Int32(SYSTEM_HTTP_ANSWERED): nil
    case Int32(SYSTEM_HTTP_UNRESOLVED): .unresolved
    case Int32(SYSTEM_HTTP_UNREACHABLE): .unreachable
    case Int32(SYSTEM_HTTP_TLS): .tls
    case Int32(SYSTEM_HTTP_CONNECT_TIMED_OUT): .connectTimedOut
    case Int32(SYSTEM_HTTP_TIMED_OUT): .timedOut
    case Int32(SYSTEM_HTTP_TOO_LARGE): .tooLarge
    case Int32(SYSTEM_HTTP_REFUSED): .refused
    case Int32(SYSTEM_HTTP_UNAVAILABLE): .unavailable
    default: .garbled
    }
  }
}
