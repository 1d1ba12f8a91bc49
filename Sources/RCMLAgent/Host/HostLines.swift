import RCMLBasics
import RCMLSIP

/// All lines of the host's: beside the user agent, what the dialogs are inside it.
struct HostLines {
  private var lines: [SessionID: HostLine] = [:]
  private var nextNumber: UInt64 = 1
  private var happened: [(session: SessionID, event: SessionEvent)] = []
  private var nextHappened = 0

  subscript(session: SessionID) -> HostLine? { lines[session] }

  mutating func add(_ line: HostLine) -> SessionID {
    defer { nextNumber += 1 }
    let session = SessionID(SessionID.hostLines | nextNumber)
    lines[session] = line
    return session
  }

  mutating func placeMedia(of session: SessionID) { lines[session]?.placesMedia = true }

  mutating func withdrawOffer(_ session: SessionID) -> Bool {
    lines[session]?.machine.withdrawOffer() ?? false
  }

  /// What the host is to be told now.
  mutating func take(_ wish: HostLineMachine.Wish, on session: SessionID) -> [HostAction] {
    guard var line = lines[session] else { return [] }
    if case .offer = wish, line.media.isFrames {
      // Frames are what they are.
      happened.append(
        (session, .offerAccepted(body: FrameDescription.make(line.media))))
      return []
    }
    let effects = line.machine.take(wish)
    lines[session] = line
    return take(effects, on: session)
  }

  /// Nil: the host cannot say this now.
  mutating func take(_ news: HostNews, on session: SessionID) -> [HostAction]? {
    guard var line = lines[session], let news = described(news, line.media),
      let effects = line.machine.take(news)
    else { return nil }
    lines[session] = line
    return take(effects, on: session)
  }

  /// A leg is called: the first that is told of it.
  mutating func call(_ invite: HostInvite, on session: SessionID) -> [HostAction] {
    tell(.call(invite), on: session)
  }

  /// The way to a party that waited for it was found. `local`: a wildcard where there is none.
  mutating func routeFound(
    to session: SessionID, local: SocketAddress
  ) -> [HostAction] {
    guard var line = lines[session], line.shown == nil else { return [] }
    line.shown = local.isWildcard ? .loopback : local
    let waiting = line.waiting
    line.waiting = []
    lines[session] = line
    return waiting.map { placed($0, line) }
  }

  mutating func nextEvent() -> (session: SessionID, event: SessionEvent)? {
    guard nextHappened < happened.count else {
      happened.removeAll(keepingCapacity: true)
      nextHappened = 0
      return nil
    }
    defer { nextHappened += 1 }
    return happened[nextHappened]
  }

  // MARK: inside

  private mutating func take(
    _ effects: [HostLineMachine.Effect], on session: SessionID
  ) -> [HostAction] {
    var told: [HostAction] = []
    for effect in effects {
      switch effect {
      case .tell(let action): told += tell(action, on: session)
      case .happened(let event): happened.append((session, event))
      }
    }
    if case .ended? = lines[session]?.machine.state { lines[session] = nil }
    return told
  }

  private mutating func tell(_ action: HostAction, on session: SessionID) -> [HostAction] {
    guard let line = lines[session] else { return [] }
    // The order is kept: only the end overtakes what waits for a way, which has no meaning after it.
    guard line.shown != nil || !line.placesMedia || action.endsParty else {
      lines[session]?.waiting.append(action)
      return []
    }
    return [placed(action, line)]
  }

  private func placed(_ action: HostAction, _ line: HostLine) -> HostAction {
    func place(_ sdp: [UInt8]) -> [UInt8] {
      if line.media.isFrames { return [] }
      guard line.placesMedia, !sdp.isEmpty, let shown = line.shown else { return sdp }
      var host = ByteWriter(capacity: 48)
      shown.appendHost(to: &host)
      // SDP has no brackets around an address (RFC 4566 §5.7).
      return SessionDescription.placing(
        sdp, host: host.bytes.filter { $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]") })
    }
    switch action {
    case .ring(let code, let sdp): return .ring(code: code, sdp: place(sdp))
    case .answer(let sdp): return .answer(sdp: place(sdp))
    case .offer(let sdp): return .offer(sdp: place(sdp))
    case .accepted(let sdp): return .accepted(sdp: place(sdp))
    case .call(var invite):
      invite.sdp = place(invite.sdp)
      return .call(invite)
    case .reject, .hangUp, .refused: return action
    }
  }

  /// A party that speaks in frames has a description all the same; nil: it cannot say that.
  private func described(_ news: HostNews, _ media: HostMedia) -> HostNews? {
    guard media.isFrames else { return news }
    switch news {
    case .rings(let code, _):
      return .rings(code: code, sdp: code == 183 ? FrameDescription.make(media) : [])
    case .answers: return .answers(sdp: FrameDescription.make(media))
    case .offers, .refuses: return nil
    case .ends, .presses: return news
    }
  }
}

extension HostAction {
  fileprivate var endsParty: Bool {
    switch self {
    case .reject, .hangUp: true
    case .ring, .answer, .call, .offer, .accepted, .refused: false
    }
  }
}

extension SessionID {
  /// Sessions of the host's lines have this bit, those of the user agent never get so far.
  static let hostLines: UInt64 = 1 << 63

  var isHostLine: Bool { number & SessionID.hostLines != 0 }
}

extension SocketAddress {
  static var loopback: SocketAddress { SocketAddress(ipv4: 0x7f00_0001, port: 0) }
}
