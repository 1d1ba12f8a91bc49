import RCMLBasics

/// Listeners, connections and the way to a server (RFC 3261 §18, RFC 3263): the one place every message leaves by and
/// comes in by. It knows messages, and nothing of transactions.
///
/// What arrived is read piece by piece as `nextEvent` is asked: what a message does may close the connection on which the
/// next one waits.
final class TransportLayer {
  private enum Work {
    case event(TransportEvent)
    /// A search goes on; with a failure, what it waited for did not come.
    case resume(UInt64, NetworkFailure?)
    case read(Connection)
    case close(Connection)
  }

  private let context: UserAgentContext
  private let listeners: ListenerTable
  private let connections: ConnectionTable
  private let searches: ServerSearches
  private var work = HandoverQueue<Work>()
  /// Comes before all other work.
  private var unfinished: Work?

  init(context: UserAgentContext) {
    self.context = context
    listeners = ListenerTable(context: context)
    connections = ConnectionTable(context: context)
    searches = ServerSearches(context: context, listeners: listeners, connections: connections)
  }

  var searchCount: Int { searches.count }
  var connectionCount: Int { connections.count }

  // MARK: - Inputs

  func listening(_ id: ListenerID, _ transport: Transport, local: SocketAddress) {
    listeners.opened(id, transport, local: local)
  }

  func listenerShown(_ id: ListenerID, as place: [UInt8]) { listeners.shown(id, as: place) }

  func listenerClosed(_ id: ListenerID) { listeners.closed(id) }

  func listenerLeaves(_ id: ListenerID) { listeners.leave(id) }

  func isLeaving(_ id: ListenerID) -> Bool { listeners.isLeaving(id) }

  /// It is a datagram's, and its listener takes no more calls.
  func isLeaving(_ flow: Flow) -> Bool {
    if case .datagram(let id, _) = flow { return listeners.isLeaving(id) }
    return false
  }

  func datagram(
    _ bytes: UnsafeRawBufferPointer, on listener: ListenerID, from source: SocketAddress,
    local: SocketAddress, isOverdue: Bool
  ) {
    let flow = Flow.datagram(listener, remote: source)
    switch MessageReader.read(bytes, over: .udp) {
    case .keepAlive: break
    case .malformed(let malformed):
      context.counts.messageReceived()
      trace(bytes, from: source, to: local, on: listener)
      work.append(.event(.malformed(malformed, flow)))
    case .message(let message):
      context.counts.messageReceived()
      trace(bytes, from: source, to: local, on: listener)
      let path = Path(flow: flow, shown: listeners.shown(on: listener, local), local: local)
      work.append(
        .event(
          isOverdue
            ? .overdue(message, path, local: local) : .message(message, path, local: local)))
    }
  }

  func datagramRefused(to destination: SocketAddress, because failure: NetworkFailure) {
    work.append(.event(.destinationRefused(destination, failure)))
  }

  func streamAccepted(
    _ id: ConnectionID, on listener: ListenerID, local: SocketAddress, remote: SocketAddress,
    at now: Instant
  ) {
    let shown = listeners.shown(onStreamOf: listener, local)
    let transport = listeners.transport(of: listener) ?? .tcp
    let peer = StreamPeer(remote: remote, transport: transport)
    if !connections.accepted(id, local: local, shown: shown, from: peer, at: now) {
      context.add(.closeStream(id))
    }
  }

  func streamSecured(_ id: ConnectionID, peer names: [UInt8]) {
    connections[id]?.secured(by: names)
  }

  func streamConnected(_ id: ConnectionID, local: SocketAddress, at now: Instant) {
    guard let connection = connections[id],
      let waiting = connection.opened(
        local: local,
        shown: listeners.shown(
          onStreamFrom: local, to: connection.remote, connection.peer.transport), at: now)
    else { return }
    for bytes in waiting.queue { send(bytes, over: connection.flow, at: now) }
    for number in waiting.searches { work.append(.resume(number, nil)) }
    connections.schedule(connection)
  }

  func streamClosed(_ id: ConnectionID, because failure: NetworkFailure) {
    if let connection = connections[id] { lose(connection, because: failure) }
  }

  func streamBytes(_ bytes: UnsafeRawBufferPointer, on id: ConnectionID, at now: Instant) {
    guard let connection = connections[id], connection.isOpen else { return }
    connection.received(bytes)
    work.append(.read(connection))
  }

  func resolved(_ id: ResolutionID, _ addresses: [SocketAddress], at now: Instant) {
    note(searches.found(id, addresses, at: now), of: id.number)
  }

  func servicesFound(_ id: ResolutionID, _ records: [ServiceRecord], at now: Instant) {
    note(searches.found(id, records, at: now), of: id.number)
  }

  func pointersFound(_ id: ResolutionID, _ records: [PointerRecord], at now: Instant) {
    note(searches.found(id, records, at: now), of: id.number)
  }

  func resolutionFailed(
    _ id: ResolutionID, because failure: NameFailure, at now: Instant
  ) {
    note(searches.nothingFound(id, because: failure, at: now), of: id.number)
  }

  func routeFound(to destination: SocketAddress, local: SocketAddress) {
    listeners.routeFound(to: destination, local: local)
    for number in searches.takeRouteWaiters(destination) {
      work.append(.resume(number, local.isWildcard ? .noRoute : nil))
    }
  }

  // MARK: - Events

  func nextEvent(at now: Instant) -> TransportEvent? {
    while let piece = unfinished.take() ?? work.popFirst() {
      switch piece {
      case .event(let event): return event
      case .read(let connection):
        // It stays the first until nothing is left of what arrived.
        unfinished = piece
        if let event = read(connection, at: now) { return event }
        unfinished = nil
      case .resume(let number, let failure):
        guard let search = searches[number] else { continue }
        if let failure { search.skip(because: failure.code) }
        if let event = event(searches.tryNext(search, at: now), search) { return event }
      case .close(let connection): close(connection)
      }
    }
    return nil
  }

  private func note(_ outcome: SearchOutcome?, of number: UInt64) {
    guard let outcome else { return }
    switch outcome {
    case .found(let path, let search): work.append(.event(.found(search, path)))
    case .failed(let reason): work.append(.event(.failed(number, reason)))
    case .waiting: break
    }
  }

  private func event(_ outcome: SearchOutcome, _ search: Search) -> TransportEvent? {
    switch outcome {
    case .found(let path, let search): .found(search, path)
    case .failed(let reason): .failed(search.number, reason)
    case .waiting: nil
    }
  }

  /// The next message of the connection, if it is whole and the connection is still ours.
  private func read(_ connection: Connection, at now: Instant) -> TransportEvent? {
    while connections[connection.id] === connection, let unit = connection.nextUnit(at: now) {
      switch unit {
      case .keepAlive:
        // RFC 5626 §3.5.1: a double CRLF is answered with one.
        context.add(.sendStream(connection.id, bytes: [13, 10]))
      case .message(let message):
        context.counts.messageReceived()
        trace(
          sent: false, connection.peer.transport, connection.local, connection.remote,
          message.bytes)
        return .message(message, connection.path, local: connection.local)
      case .malformed(let malformed):
        context.counts.messageReceived()
        let bytes = malformed.message?.bytes ?? []
        trace(
          sent: false, connection.peer.transport, connection.local, connection.remote, bytes)
        return .malformed(malformed, connection.flow)
      case .broken(let malformed):
        context.counts.messageReceived()
        unfinished = .close(connection)
        return .malformed(malformed, connection.flow)
      }
    }
    guard connections[connection.id] === connection else { return nil }
    connection.allRead(at: now)
    guard connections.keepsUnfinished(connection) else {
      close(connection)
      return nil
    }
    connections.schedule(connection)
    return nil
  }

  // MARK: - Sending

  /// False: the connection is gone, or its queue is full.
  @discardableResult
  func send(_ bytes: [UInt8], over flow: Flow, at now: Instant) -> Bool {
    switch flow {
    case .datagram(let listener, let remote):
      context.counts.messageSent()
      if context.settings.tellsMessages {
        trace(sent: true, .udp, listeners.local(of: listener, toward: remote), remote, bytes)
      }
      context.add(.send(listener, to: remote, bytes: bytes))
      return true
    case .stream(let id, let remote, let transport):
      guard let connection = connections[id] else { return false }
      switch connection.send(bytes, at: now) {
      case .refused: return false
      case .queued: return true
      case .now:
        context.counts.messageSent()
        trace(sent: true, transport, connection.local, remote, bytes)
        context.add(.sendStream(id, bytes: bytes))
        return true
      }
    }
  }

  /// Nothing that is counted or told: it is no message.
  func keepOpen(_ flow: Flow) {
    switch flow {
    case .datagram(let listener, let remote):
      context.add(.send(listener, to: remote, bytes: Keepalive.bytes))
    case .stream(let id, _, _):
      connections[id]?.pinged()
      context.add(.sendStream(id, bytes: Keepalive.bytes))
    }
  }

  /// RFC 3261 §18.2.2: over the connection the request came by; if that is gone, a new one to where it came from, at
  /// sent-by's port. Not where that one was secured: whoever is there now has proved nothing (spec T-9).
  func respond(_ bytes: [UInt8], over flow: Flow, port: UInt16?, at now: Instant) {
    if send(bytes, over: flow, at: now) || flow.transport.isSecured { return }
    var address = flow.remote
    address.port = port ?? 5060
    let peer = StreamPeer(remote: address, transport: .tcp)
    guard let connection = connections.connection(to: peer, at: now) else { return }
    send(bytes, over: connection.flow, at: now)
  }

  private func trace(
    sent: Bool, _ transport: Transport, _ local: SocketAddress, _ peer: SocketAddress,
    _ bytes: [UInt8]
  ) {
    guard context.settings.tellsMessages else { return }
    context.add(.message(sent: sent, transport, local: local, peer: peer, bytes: bytes))
  }

  private func trace(
    _ bytes: UnsafeRawBufferPointer, from source: SocketAddress, to local: SocketAddress,
    on listener: ListenerID
  ) {
    guard context.settings.tellsMessages else { return }
    listeners.heard(on: listener, at: local)
    trace(sent: false, .udp, local, source, [UInt8](bytes))
  }

  // MARK: - Ways

  /// The way to the host of `uri`, at once or later (`TransportEvent.found`).
  func search(
    _ uri: [UInt8], size: Int, home: Path?, mustBeSecured: Bool, at now: Instant
  ) -> SearchOutcome {
    searches.begin(uri, size: size, home: home, mustBeSecured: mustBeSecured, at: now)
  }

  /// The addresses of an earlier search from one of them on.
  func resume(_ search: Search, from next: Int, size: Int, at now: Instant) -> SearchOutcome {
    searches.resume(search, from: next, size: size, at: now)
  }

  func drop(_ search: Search) { searches.drop(search) }

  func isUsable(_ flow: Flow) -> Bool {
    switch flow {
    case .datagram(let id, _): listeners.contains(id)
    case .stream(let id, _, _): connections[id]?.isOpen == true
    }
  }

  /// A connection that somebody uses stays open (spec Q-22).
  func use(_ flow: Flow) {
    if case .stream(let id, _, _) = flow { connections[id]?.use() }
  }

  func leave(_ flow: Flow) {
    if case .stream(let id, _, _) = flow { connections[id]?.leave() }
  }

  /// Contact of our requests and dialog-making responses; over TCP and TLS it says so (spec Q-22). One of `sips:` says it
  /// with its scheme (RFC 5630 §3.1.3).
  func writeContact(on path: Path, isSips: Bool, to header: inout HeaderWriter) {
    header.append(isSips ? "Contact: <sips:" : "Contact: <sip:")
    header.appendChecked(contactHost(on: path)[...])
    switch path.flow.transport {
    case .tcp: header.append(";transport=tcp>\r\n")
    case .tls where !isSips: header.append(";transport=tls>\r\n")
    case .udp, .tls: header.append(">\r\n")
    }
  }

  /// A connection of ours has a port nobody listens on: where a TCP listener of the family stands, its port is
  /// shown; where none stands, the peer answers over the connection itself (spec Q-22).
  func contactHost(on path: Path) -> [UInt8] {
    guard case .stream(let id, let remote, let transport) = path.flow,
      let connection = connections[id]
    else {
      return path.shown
    }
    return listeners.contact(onStreamFrom: connection.local, to: remote, transport) ?? path.shown
  }

  // MARK: - Ends

  private func close(_ connection: Connection) {
    guard connections[connection.id] === connection else { return }
    context.add(.closeStream(connection.id))
    lose(connection, because: connection.isOpen ? .lost : .timedOut)
  }

  /// The connection is no more: what waited for it takes the next address, what went out over it has failed.
  private func lose(_ connection: Connection, because failure: NetworkFailure) {
    connections.remove(connection)
    for number in connection.waitingSearches { work.append(.resume(number, failure)) }
    work.append(.event(.connectionLost(connection.id, failure)))
  }

  // MARK: - Time

  func fire(_ id: ConnectionID, due: Instant, at now: Instant) {
    guard let connection = connections[id], connection.timer.isQueued(at: due) else { return }
    connection.timer.clear()
    switch connection.timePassed(at: now) {
    case .nothing: break
    case .close: close(connection)
    case .incomplete:
      // 400 when enough of the message came to know where the answer goes.
      if let malformed = connection.giveUpMessage() {
        work.append(.event(.malformed(malformed, connection.flow)))
      }
      work.append(.close(connection))
    }
    connections.schedule(connection)
  }

  func fire(search number: UInt64, due: Instant, at now: Instant) {
    guard let search = searches[number], search.lookupEnd == due else { return }
    note(searches.lookupsExpired(search, at: now), of: number)
  }

  /// Is this entry of the queue still good? If it was the owner's, a later one takes its place.
  func keeps(_ id: ConnectionID, due: Instant) -> Bool {
    guard let connection = connections[id], connection.timer.isQueued(at: due) else { return false }
    if let next = connection.nextDeadline, next.instant <= due { return true }
    connection.timer.clear()
    connections.schedule(connection)
    return false
  }

  func keeps(search number: UInt64, due: Instant) -> Bool { searches[number]?.lookupEnd == due }
}
