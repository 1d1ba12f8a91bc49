import Glibc

/// A few pages for people and programs nearby, for a few of them at a time. It never blocks: the loop of the session watches `watched` and calls `work`
/// when there is something to do. When one more comes than there is room for, the one that has had most of its time goes:
/// whoever connects and says nothing shuts nobody out.
final class LocalServer {
  /// Where it is: `http://127.0.0.1:9100`.
  private(set) var url = ""
  /// As it was asked for, without brackets.
  let host: String
  private let listener: Int32
  /// How many are served at once; the next ones wait in the kernel's line.
  private let limit: Int
  /// How long one is served, in milliseconds.
  private let patience: Int64
  /// In the order in which they came.
  private var clients: [LocalClient] = []

  /// `place` is HOST:PORT, `[::1]:9100`; port 0 = any. `option`: of whom it is, for sentences.
  init(_ place: String, option: String, limit: Int, patience: Int64) throws(Problem) {
    self.limit = limit
    self.patience = patience
    guard let mark = place.lastIndex(of: ":"), let port = UInt16(place[place.index(after: mark)...])
    else { throw LocalServer.misread(place, option) }
    var host = String(place[..<mark])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else { throw LocalServer.misread(place, option) }
    self.host = host
    listener = try LocalServer.listen(host, port, "--\(option) \(place)")
    url = "http://\(LocalServer.address(of: listener))"
  }

  /// Only this machine can reach it.
  var isLoopback: Bool {
    let address = LocalServer.address(of: listener)
    return address.hasPrefix("127.") || address.hasPrefix("[::1]:")
  }

  deinit { close(listener) }

  private static func misread(_ place: String, _ option: String) -> Problem {
    .usage("--\(option) \(place): HOST:PORT is needed, say 127.0.0.1:9100.")
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
      throw .usage("\(place): \(String(cString: gai_strerror(status))).")
    }
    let made = socket(first.ai_family, first.ai_socktype, 0)
    guard made >= 0 else { throw .failed("no socket: \(String(cString: strerror(errno)))") }
    LocalServer.prepare(made)
    var one: Int32 = 1
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    guard bind(made, first.ai_addr, first.ai_addrlen) == 0, Glibc.listen(made, 64) == 0 else {
      let why = String(cString: strerror(errno))
      close(made)
      throw .failed("\(place): \(why).")
    }
    return made
  }

  static func prepare(_ descriptor: Int32) {
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

  var watched: [pollfd] {
    [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)] + clients.map(\.watched)
  }

  /// No more than this may be slept; nil = for ever.
  func left(at now: Int64) -> Int64? { clients.map { max(0, $0.end - now) }.min() }

  /// As far as it goes without waiting.
  func work(at now: Int64, _ answer: (HTTPRequest) -> HTTPReply) {
    for client in clients { client.work(at: now, answer) }
    // At most as many as there is room for: who comes all the time must not keep the loop.
    for _ in 0..<limit {
      guard let client = LocalClient(from: listener, until: now + patience) else { break }
      clients.removeAll(where: \.isOver)
      if clients.count >= limit { clients.removeFirst() }
      clients.append(client)
      client.work(at: now, answer)
    }
    clients.removeAll(where: \.isOver)
  }
}
