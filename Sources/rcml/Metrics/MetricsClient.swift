import Glibc

/// One scraper: a request, its answer, and the end.
final class MetricsClient {
  private enum State {
    /// The request as far as it came.
    case reading([UInt8])
    /// The rest of the answer.
    case writing(ArraySlice<UInt8>)
    /// All is said: what the scraper still sends must be read, or it may not hear the end of the answer.
    case leaving
    case over
  }

  private let descriptor: Int32
  private var state = State.reading([])
  /// When it has had its time.
  let end: Int64

  private static let requestLimit = 8_192
  private static let patience: Int64 = 5_000

  /// Nil: nobody has come.
  init?(from listener: Int32, at now: Int64) {
    descriptor = accept(listener, nil, nil)
    guard descriptor >= 0 else { return nil }
    MetricsServer.prepare(descriptor)
    end = now + MetricsClient.patience
  }

  deinit { close(descriptor) }

  var isOver: Bool {
    if case .over = state { return true }
    return false
  }

  var watched: pollfd {
    switch state {
    case .reading, .leaving, .over: pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    case .writing: pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    }
  }

  /// As far as it goes without waiting.
  func work(at now: Int64, _ metrics: () -> [UInt8]) {
    if case .reading(let request) = state { read(request, metrics) }
    if case .writing(let rest) = state { write(rest) }
    if case .leaving = state { leave() }
    if now >= end { state = .over }
  }

  private func read(_ before: [UInt8], _ metrics: () -> [UInt8]) {
    var request = before
    var room = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = recv(descriptor, &room, room.count, 0)
      if count < 0, errno == EAGAIN {
        state = .reading(request)
        return
      }
      guard count > 0 else { return hangUp() }
      request += room[..<count]
      if MetricsClient.isWhole(request) {
        state = .writing(MetricsClient.answer(to: request, metrics)[...])
        return
      }
      if request.count > MetricsClient.requestLimit {
        let reason = "The request is longer than \(MetricsClient.requestLimit) octets.\n"
        state = .writing(
          MetricsClient.reply("431 Request Header Fields Too Large", Array(reason.utf8))[...])
        return
      }
    }
  }

  private func write(_ octets: ArraySlice<UInt8>) {
    var rest = octets
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EAGAIN {
        state = .writing(rest)
        return
      }
      guard count > 0 else { return hangUp() }
      rest = rest.dropFirst(count)
    }
    shutdown(descriptor, Int32(SHUT_WR))
    state = .leaving
  }

  private func leave() {
    var room = [UInt8](repeating: 0, count: 4_096)
    // A scraper that sends without end is left to its time limit, and the loop to its other work.
    for _ in 0..<16 {
      let count = recv(descriptor, &room, room.count, 0)
      if count < 0, errno == EAGAIN { return }
      if count <= 0 { return hangUp() }
    }
  }

  private func hangUp() { state = .over }

  // MARK: HTTP

  private static func isWhole(_ request: [UInt8]) -> Bool {
    let ends: [[UInt8]] = [[13, 10, 13, 10], [10, 10]]
    return request.indices.contains { at in ends.contains { request[at...].starts(with: $0) } }
  }

  private static func answer(to request: [UInt8], _ metrics: () -> [UInt8]) -> [UInt8] {
    let line = request.prefix { $0 != 13 && $0 != 10 }
    let words = line.split(separator: 32, omittingEmptySubsequences: false)
    guard words.count == 3, words[2].starts(with: Array("HTTP/1.".utf8)) else {
      return reply("400 Bad Request", Array("This is no HTTP.\n".utf8))
    }
    let isHead = words[0].elementsEqual("HEAD".utf8)
    guard isHead || words[0].elementsEqual("GET".utf8) else {
      return reply(
        "405 Method Not Allowed", Array("Only GET.\n".utf8), header: "Allow: GET, HEAD\r\n")
    }
    guard words[1].prefix(while: { $0 != 63 }).elementsEqual("/metrics".utf8) else {
      return reply("404 Not Found", Array("The metrics are at /metrics.\n".utf8))
    }
    return reply("200 OK", metrics(), type: "text/plain; version=0.0.4", isHead: isHead)
  }

  private static func reply(
    _ status: String, _ body: [UInt8], type: String = "text/plain", header: String = "",
    isHead: Bool = false
  ) -> [UInt8] {
    let head =
      "HTTP/1.1 \(status)\r\nContent-Type: \(type); charset=utf-8\r\nContent-Length: \(body.count)\r\n"
      + header + "Connection: close\r\n\r\n"
    return Array(head.utf8) + (isHead ? [] : body)
  }
}
