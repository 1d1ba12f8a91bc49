import RCMLAgent
import RCMLBasics
import RCMLMedia

/// One input of a run, ready to be handed in once more.
enum Step {
  case datagram(from: SocketAddress, UnsafeRawBufferPointer)
  case web(ExchangeID, HTTPAnswer)
  case route(SocketAddress)
  case opened(MediaID, port: UInt16)
  case time

  static let local = SocketAddress(ipv4: 0x0a00_0001, port: 5060)
  private static let listener = ListenerID(1)

  @inline(__always)
  func hand(to agent: Agent, at now: Instant) {
    switch self {
    case .datagram(let source, let bytes):
      agent.handle(
        .datagram(Step.listener, from: source, local: Step.local, bytes: bytes), at: now)
    case .web(let id, let answer): agent.handle(.exchangeAnswered(id, answer), at: now)
    case .route(let destination):
      agent.handle(.routeFound(to: destination, local: Step.local), at: now)
    case .opened(let id, let port): agent.handle(.media(.opened(id, port: port)), at: now)
    case .time: agent.handle(.timePassed, at: now)
    }
  }

  /// An agent that listens and has its document.
  static func agent(_ kind: CallKind) -> Agent {
    let agent = Agent()
    let start = Instant(nanoseconds: 1_000_000_000)
    let wall = WallClock(unixMicroseconds: 1_700_000_000_000_000, at: start)
    agent.handle(.started(entropy: Array(0..<32), wall: wall), at: start)
    agent.handle(.listening(listener, .udp, local: local), at: start)
    let document = Array(kind.document.utf8)
    _ = agent.perform(.defaultDocument(.text(document, baseURL: "")), at: start)
    while agent.nextOutput() != nil {}
    return agent
  }
}
