import CSystem
import Foundation
import Testing

/// What libcurl opens for itself.
@Suite struct WebLibraryTests {
  /// A host's thread that opens sockets meanwhile, none of them close-on-exec.
  private final class Stranger: @unchecked Sendable {
    private let lock = NSLock()
    private var isOver = false
    private(set) var touched = 0

    private var goesOn: Bool { lock.withLock { !isOver } }
    func end() { lock.withLock { isOver = true } }

    func run() {
      while goesOn {
        var pair: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else { continue }
        for _ in 0..<20 where pair.contains(where: { fcntl($0, F_GETFD) & FD_CLOEXEC != 0 }) {
          touched += 1
          break
        }
        for each in pair { close(each) }
      }
    }
  }

  @Test func socketsThatAnotherThreadOpensMeanwhileStayAsTheyAre() {
    let epoll = system_epoll_create()
    defer { system_close(epoll) }
    guard let first = system_http_create(epoll, 1) else { return }  // no libcurl
    system_http_destroy(first)
    let strangers = [Stranger(), Stranger()]
    let ended = DispatchGroup()
    for stranger in strangers {
      ended.enter()
      Thread.detachNewThread {
        stranger.run()
        ended.leave()
      }
    }
    for _ in 0..<10_000 { system_http_destroy(system_http_create(epoll, 1)) }
    for stranger in strangers { stranger.end() }
    ended.wait()
    #expect(strangers.map(\.touched) == [0, 0])
  }

  /// Failures H6: a program that the host starts inherits nothing of ours.
  @Test func thePairOfSocketsIsCloseOnExec() {
    let epoll = system_epoll_create()
    defer { system_close(epoll) }
    guard let first = system_http_create(epoll, 1) else { return }
    system_http_destroy(first)
    // Other tests open descriptors meanwhile: a child has one thread only.
    let status = ChildProcess.run {
      let before = (0..<1_024).filter { fcntl(Int32($0), F_GETFD) >= 0 }
      guard let http = system_http_create(epoll, 1) else { return 2 }
      let made = (0..<1_024).filter { !before.contains($0) && fcntl(Int32($0), F_GETFD) >= 0 }
      let leaky = made.filter { fcntl(Int32($0), F_GETFD) & FD_CLOEXEC == 0 }
      _ = http
      return made.isEmpty ? 3 : leaky.isEmpty ? 0 : 1
    }
    #expect(status == 0)
  }
}
