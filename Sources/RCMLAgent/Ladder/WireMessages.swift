import RCMLBasics

/// The SIP messages of a journal in their order, for packet captures and pages.
public struct WireMessages {
  private let tell: (WireMessage) -> Void
  private let calls: [[UInt8]: LadderCall]
  private let wanted: String?

  private var origin: Instant?
  private var wall: WallClock?
  private var listeners: [ListenerID: (transport: Transport, local: SocketAddress)] = [:]
  private var streamEnds: [ConnectionID: (local: SocketAddress, peer: SocketAddress)] = [:]
  private var streams = StreamMessages()

  /// `call`: as for a ladder; nil = all, also what belongs to no call.
  public static func read(
    _ journal: [UInt8], call wanted: String?, _ tell: (WireMessage) -> Void
  ) throws(JournalError) {
    let story = try LadderStory(journal)
    if let wanted, !story.calls.all.contains(where: { $0.isNamed(wanted) }) {
      throw .noSuchCall(wanted, calls: story.calls.all.count)
    }
    let result: JournalError? = withoutActuallyEscaping(tell) { tell in
      journal.withUnsafeBytes { bytes in
        do throws(JournalError) {
          var reader = try JournalReader(bytes)
          var messages = WireMessages(story, wanted, tell)
          while let record = try reader.next() { messages.read(record) }
          return nil
        } catch {
          return error
        }
      }
    }
    if let result { throw result }
  }

  private init(
    _ story: LadderStory, _ wanted: String?, _ tell: @escaping (WireMessage) -> Void
  ) {
    self.tell = tell
    self.wanted = wanted
    var calls: [[UInt8]: LadderCall] = [:]
    for (peer, place) in story.calls.columns {
      guard case .sip(let callID) = peer else { continue }
      calls[callID] = story.calls[place.call]
    }
    self.calls = calls
  }

  private mutating func read(_ record: JournalRecord) {
    if origin == nil { origin = record.instant }
    switch record.content {
    case .input(let input): read(input, record.instant)
    case .output(.network(let output)): read(output, record.instant)
    case .output, .command, .result, .drained, .name, .omitted, .gap, .continuation: break
    }
  }

  private mutating func read(_ input: Input, _ now: Instant) {
    switch input {
    case .started(_, let wall), .wallClock(let wall): self.wall = wall
    case .network(let input): read(input, now)
    case .names, .web, .media, .memory, .timePassed: break
    }
  }

  private mutating func read(_ input: NetworkInput, _ now: Instant) {
    switch input {
    case .listening(let id, let transport, let local): listeners[id] = (transport, local)
    case .datagram(let id, let peer, let local, let bytes),
      .datagramOverdue(let id, let peer, let local, let bytes):
      // A wildcard is no address: what was last sent to us shows which one is ours.
      if listeners[id]?.local.isWildcard ?? true { listeners[id] = (.udp, local) }
      add(Array(bytes), false, (local, peer), nil, now)
    case .routeFound(let destination, let local):
      for (id, listener) in listeners
      where listener.local.isWildcard && listener.local.family == destination.family {
        listeners[id]?.local = local
        listeners[id]?.local.port = listener.local.port
      }
    case .streamAccepted(let id, _, let local, let peer):
      streamEnds[id] = (local, peer)
      streams.opened(id, peer)
    case .streamSecured(let id, let names): streams.secured(id, by: names)
    case .streamConnected(let id, let local): streamEnds[id]?.local = local
    case .streamBytes(let id, let bytes):
      for message in streams.take(id, Array(bytes), isSent: false) {
        if let ends = streamEnds[id] { add(message, false, ends, id, now) }
      }
    case .streamClosed(let id), .streamFailed(let id, _):
      streams.closed(id)
      streamEnds[id] = nil
    case .listenerClosed, .listenerLeaves, .listenerShown, .datagramRefused: break
    }
  }

  private mutating func read(_ output: NetworkOutput, _ now: Instant) {
    switch output {
    case .send(let id, let peer, let bytes):
      guard let local = listeners[id]?.local else { return }
      add(bytes, true, (local, peer), nil, now)
    case .openStream(let id, let peer), .openSecured(let id, let peer, _):
      streams.opened(id, peer)
      // Its own end is known once it stands.
      streamEnds[id] = (peer, peer)
    case .sendStream(let id, let bytes):
      for message in streams.take(id, bytes, isSent: true) {
        if let ends = streamEnds[id] { add(message, true, ends, id, now) }
      }
    case .closeStream(let id):
      streams.closed(id)
    case .closeListener, .findRoute:
      break
    }
  }

  private func transport(of connection: ConnectionID?) -> Transport {
    guard let connection else { return .udp }
    return streams.isSecured(connection) ? .tls : .tcp
  }

  private func add(
    _ bytes: [UInt8], _ isSent: Bool, _ ends: (local: SocketAddress, peer: SocketAddress),
    _ connection: ConnectionID?, _ now: Instant
  ) {
    let call = LadderMessage(bytes).flatMap { calls[$0.callID] }
    if let wanted, call?.isNamed(wanted) != true { return }
    tell(
      WireMessage(
        elapsed: now - (origin ?? now), unixMicroseconds: wall?.unixMicroseconds(at: now) ?? 0,
        isSent: isSent, transport: transport(of: connection), local: ends.local,
        peer: ends.peer, connection: connection, sid: call?.sid, bytes: bytes))
  }
}
