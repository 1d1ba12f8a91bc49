import RCMLBasics

/// What the network says.
extension UserAgent {
  public func listening(_ id: ListenerID, _ transport: Transport, local: SocketAddress) {
    self.transport.listening(id, transport, local: local)
  }

  /// Behind a NAT: the `host:port` under which this listener is known outside, whatever the setting `public_address` says.
  public func listenerShown(_ id: ListenerID, as place: [UInt8]) {
    transport.listenerShown(id, as: place)
  }

  public func listenerClosed(_ id: ListenerID) { transport.listenerClosed(id) }

  /// It takes no more calls; `closeListener` says when those it has are over (spec Q-36).
  public func listenerLeaves(_ id: ListenerID, at now: Instant) {
    timePassed(before: now)
    transport.listenerLeaves(id)
    closeListenerIfUnused(id, at: now)
    settle(at: now)
  }

  /// What is repeated after a call's end may find nobody: its peer takes that for the end, too.
  func closeListenerIfUnused(_ id: ListenerID, at now: Instant) {
    guard transport.isLeaving(id) else { return }
    guard sessions.use(id) else { return context.add(.closeListener(id)) }
    context.timers.add(Deadline(now + .seconds(1), .listenerUse), for: .listener(id))
  }

  /// `isOverdue`: it has waited too long for its turn to begin a call, if it is to begin one.
  public func datagram(
    _ bytes: UnsafeRawBufferPointer, on listener: ListenerID, from source: SocketAddress,
    local: SocketAddress, isOverdue: Bool = false, at now: Instant
  ) {
    context.datagramBegins()
    timePassed(before: now)
    transport.datagram(
      bytes, on: listener, from: source, local: local, isOverdue: isOverdue)
    settle(at: now)
  }

  /// An ICMP error.
  public func datagramRefused(
    on listener: ListenerID, to destination: SocketAddress,
    because failure: NetworkFailure = .refused, at now: Instant
  ) {
    timePassed(before: now)
    transport.datagramRefused(to: destination, because: failure)
    settle(at: now)
  }

  public func streamAccepted(
    _ id: ConnectionID, on listener: ListenerID, local: SocketAddress, remote: SocketAddress,
    at now: Instant
  ) {
    timePassed(before: now)
    transport.streamAccepted(id, on: listener, local: local, remote: remote, at: now)
    settle(at: now)
  }

  /// Behind `streamAccepted` or before `streamConnected`: nobody else reads it, and the peer has these names, with commas
  /// between them; empty = it has proved none (spec T-8).
  public func streamSecured(_ id: ConnectionID, peer names: [UInt8]) {
    transport.streamSecured(id, peer: names)
  }

  public func streamConnected(_ id: ConnectionID, local: SocketAddress, at now: Instant) {
    timePassed(before: now)
    transport.streamConnected(id, local: local, at: now)
    settle(at: now)
  }

  /// It never opened.
  public func streamFailed(
    _ id: ConnectionID, because failure: NetworkFailure = .refused, at now: Instant
  ) {
    timePassed(before: now)
    transport.streamClosed(id, because: failure)
    settle(at: now)
  }

  public func streamClosed(_ id: ConnectionID, at now: Instant) {
    streamFailed(id, because: .lost, at: now)
  }

  public func streamBytes(
    _ bytes: UnsafeRawBufferPointer, on id: ConnectionID, at now: Instant
  ) {
    timePassed(before: now)
    transport.streamBytes(bytes, on: id, at: now)
    settle(at: now)
  }

  public func resolved(_ id: ResolutionID, _ addresses: [SocketAddress], at now: Instant) {
    timePassed(before: now)
    transport.resolved(id, addresses, at: now)
    settle(at: now)
  }

  /// SRV records (RFC 2782).
  public func servicesFound(_ id: ResolutionID, _ records: [ServiceRecord], at now: Instant) {
    timePassed(before: now)
    transport.servicesFound(id, records, at: now)
    settle(at: now)
  }

  /// NAPTR records (RFC 3263 §4.1).
  public func pointersFound(_ id: ResolutionID, _ records: [PointerRecord], at now: Instant) {
    timePassed(before: now)
    transport.pointersFound(id, records, at: now)
    settle(at: now)
  }

  public func resolutionFailed(
    _ id: ResolutionID, because failure: NameFailure = .unknown, at now: Instant
  ) {
    timePassed(before: now)
    transport.resolutionFailed(id, because: failure, at: now)
    settle(at: now)
  }

  public func routeFound(to destination: SocketAddress, local: SocketAddress, at now: Instant) {
    timePassed(before: now)
    transport.routeFound(to: destination, local: local)
    settle(at: now)
  }
}
