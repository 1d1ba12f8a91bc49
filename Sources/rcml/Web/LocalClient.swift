import Glibc

/// One who asks: a request, its answer, and the end.
final class LocalClient {
  private enum State {
    /// The request as far as it came.
    case reading([UInt8])
    /// The rest of the answer.
    case writing(ArraySlice<UInt8>)
    /// All is said: what it still sends must be read, or it may not hear the end of the answer.
    case leaving
    case over
  }

  private let descriptor: Int32
  private var state = State.reading([])
  /// When it has had its time.
  let end: Int64

  private static let requestLimit = 8_192

  /// Nil: nobody has come.
  init?(from listener: Int32, until end: Int64) {
    descriptor = accept(listener, nil, nil)
    guard descriptor >= 0 else { return nil }
    LocalServer.prepare(descriptor)
    self.end = end
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
  func work(at now: Int64, _ answer: (HTTPRequest) -> HTTPReply) {
    if case .reading(let request) = state { read(request, answer) }
    if case .writing(let rest) = state { write(rest) }
    if case .leaving = state { leave() }
    if now >= end { state = .over }
  }

  private func read(_ before: [UInt8], _ answer: (HTTPRequest) -> HTTPReply) {
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
      if LocalClient.isWhole(request) {
        state = .writing(HTTPRequest.answer(to: request, answer)[...])
        return
      }
      if request.count > LocalClient.requestLimit {
        let reason = "The request is longer than \(LocalClient.requestLimit) octets."
        state = .writing(
          HTTPReply("431 Request Header Fields Too Large", text: reason).octets(isHead: false)[...])
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
    // Whoever sends without end is left to its time limit, and the loop to its other work.
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
}
