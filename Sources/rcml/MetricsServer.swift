import Glibc

/// GET /metrics, for one scraper at a time; the next one waits in the kernel's line. It never blocks: the loop of the
/// session watches `watched` and calls `work` when there is something to do.
final class MetricsServer {
  private enum State {
    case listening
    /// The request as far as it came.
    case reading([UInt8])
    /// The rest of the answer.
    case writing(ArraySlice<UInt8>)
    /// All is said: what the scraper still sends must be read, or it may not hear the end of the answer.
    case leaving
  }

  /// Where the metrics are: `http://127.0.0.1:9100/metrics`.
  private(set) var url = ""
  private let listener: Int32
  private var client: Int32 = -1
  private var state = State.listening
  /// When the scraper that is served has had its time.
  private var end: Int64 = 0

  private static let requestLimit = 8_192
  private static let patience: Int64 = 5_000

  /// `place` is HOST:PORT, `[::1]:9100`; port 0 = any.
  init(_ place: String) throws(Problem) {
    guard let mark = place.lastIndex(of: ":"), let port = UInt16(place[place.index(after: mark)...])
    else { throw MetricsServer.misread(place) }
    var host = String(place[..<mark])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else { throw MetricsServer.misread(place) }
    listener = try MetricsServer.listen(host, port, place)
    url = "http://\(MetricsServer.address(of: listener))/metrics"
  }

  deinit {
    if client >= 0 { close(client) }
    close(listener)
  }

  private static func misread(_ place: String) -> Problem {
    .usage("--metrics \(place): HOST:PORT is needed, say 127.0.0.1:9100.")
  }

  private static func listen(
    _ host: String, _ port: UInt16, _ place: String
  ) throws(Problem) -> Int32 {
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &found)
    defer { if let found { freeaddrinfo(found) } }
    guard status == 0, let first = found?.pointee else {
      throw .usage("--metrics \(place): \(String(cString: gai_strerror(status))).")
    }
    let made = socket(first.ai_family, first.ai_socktype, 0)
    guard made >= 0 else { throw .failed("no socket: \(String(cString: strerror(errno)))") }
    MetricsServer.prepare(made)
    var one: Int32 = 1
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    guard bind(made, first.ai_addr, first.ai_addrlen) == 0, Glibc.listen(made, 16) == 0 else {
      let why = String(cString: strerror(errno))
      close(made)
      throw .failed("--metrics \(place): \(why).")
    }
    return made
  }

  private static func prepare(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  private static func address(of socket: Int32) -> String {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: 16)
    withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(socket, $0, &size)
        getnameinfo(
          $0, size, &host, socklen_t(host.count), &port, socklen_t(port.count),
          NI_NUMERICHOST | NI_NUMERICSERV)
      }
    }
    let name = text(host)
    return (name.contains(":") ? "[\(name)]" : name) + ":" + text(port)
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  // MARK: in the loop

  var watched: pollfd {
    switch state {
    case .listening: pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    case .reading, .leaving: pollfd(fd: client, events: Int16(POLLIN), revents: 0)
    case .writing: pollfd(fd: client, events: Int16(POLLOUT), revents: 0)
    }
  }

  /// No more than this may be slept; nil = for ever.
  func left(at now: Int64) -> Int64? { client < 0 ? nil : max(0, end - now) }

  /// As far as it goes without waiting.
  func work(at now: Int64, _ metrics: () -> [UInt8]) {
    if case .listening = state { take(at: now) }
    if case .reading(let request) = state { read(request, metrics) }
    if case .writing(let rest) = state { write(rest) }
    if case .leaving = state { leave() }
    if client >= 0, now >= end { hangUp() }
  }

  private func take(at now: Int64) {
    client = accept(listener, nil, nil)
    guard client >= 0 else { return }
    MetricsServer.prepare(client)
    end = now + MetricsServer.patience
    state = .reading([])
  }

  private func read(_ before: [UInt8], _ metrics: () -> [UInt8]) {
    var request = before
    var room = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = recv(client, &room, room.count, 0)
      if count < 0, errno == EAGAIN {
        state = .reading(request)
        return
      }
      guard count > 0 else { return hangUp() }
      request += room[..<count]
      if MetricsServer.isWhole(request) {
        state = .writing(MetricsServer.answer(to: request, metrics)[...])
        return
      }
      if request.count > MetricsServer.requestLimit {
        let reason = "The request is longer than \(MetricsServer.requestLimit) octets.\n"
        state = .writing(
          MetricsServer.reply("431 Request Header Fields Too Large", Array(reason.utf8))[...])
        return
      }
    }
  }

  private func write(_ octets: ArraySlice<UInt8>) {
    var rest = octets
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EAGAIN {
        state = .writing(rest)
        return
      }
      guard count > 0 else { return hangUp() }
      rest = rest.dropFirst(count)
    }
    shutdown(client, Int32(SHUT_WR))
    state = .leaving
  }

  private func leave() {
    var room = [UInt8](repeating: 0, count: 4_096)
    // A scraper that sends without end is left to its time limit, and the loop to its other work.
    for _ in 0..<16 {
      let count = recv(client, &room, room.count, 0)
      if count < 0, errno == EAGAIN { return }
      if count <= 0 { return hangUp() }
    }
  }

  private func hangUp() {
    close(client)
    client = -1
    state = .listening
  }

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
