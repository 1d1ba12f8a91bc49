import RCMLBasics

/// From a URI to a flow: addresses, listeners, routes and connections (RFC 3261 §18.1.1, RFC 3263, spec T-1…T-6).
extension UserAgent {
  /// Sends a request of `session` to the host of `uri`, as soon as there is a way to it.
  mutating func dispatch(
    _ kind: Outbound.Kind, of session: Session, toward uri: [UInt8], at now: Instant
  ) {
    guard let target = SIPURI.read(uri[...]) else {
      return failBeforeSending(kind, of: session, .invalidTarget, at: now)
    }
    var named: Transport?
    switch target.transport {
    case .udp: named = .udp
    case .tcp: named = .tcp
    case .tls, .other:
      return failBeforeSending(kind, of: session, .unsupportedTransport, at: now)
    case nil: break
    }
    guard target.scheme == .sip else {
      return failBeforeSending(kind, of: session, .unsupportedTransport, at: now)
    }
    let port = target.port ?? 5060
    var host = target.host
    if let maddr = target.maddr {
      host = SocketAddress.read(host: maddr[...], port: 0).map { .address($0) } ?? .name(maddr)
    }
    let name: [UInt8] = if case .name(let name) = host { name } else { [] }
    let number = outbounds.insert { number in
      Outbound(
        number: number, session: session, kind: kind,
        location: ServerLocation(host: name, port: port, transport: named))
    }
    guard let outbound = outbounds[number] else { return }
    if case .invite = kind { session.attempt = number }
    session.openTransactions += 1
    let isOpen = named == nil && settings.asksPointers
    switch host {
    case .address(let address):
      add([address], to: outbound)
      locate(outbound, at: now) { $0.addressGiven() }
    case .name where target.port != nil || outbound.location.isLocal:
      locate(outbound, at: now) { $0.portGiven() }
    case .name:
      locate(outbound, at: now) { isOpen ? $0.transportOpen() : $0.transportGiven() }
    }
  }

  /// Gives the location an input and performs what it says.
  private mutating func locate(
    _ outbound: Outbound, at now: Instant,
    _ input: (inout LocationMachine) -> EffectList<LocationMachine.Effect>
  ) {
    let id = ResolutionID(outbound.number)
    for effect in input(&outbound.location.machine) {
      switch effect {
      case .askPointers:
        limitLookups(of: outbound, at: now)
        add(.findPointers(id, name: outbound.location.host))
      case .askServices:
        limitLookups(of: outbound, at: now)
        add(.findServices(id, name: outbound.location.service))
      case .askAddresses:
        limitLookups(of: outbound, at: now)
        add(.resolve(id, host: outbound.location.nextTarget()))
      case .tryAddresses:
        outbound.queuedAt = nil
        tryNext(outbound, at: now)
      case .fail:
        if outbound.candidates.isEmpty { outbound.failure = .unresolved }
        fail(outbound, at: now)
      }
    }
  }

  /// One limit for all lookups between two tries, however many names there are.
  private mutating func limitLookups(of outbound: Outbound, at now: Instant) {
    guard outbound.queuedAt == nil else { return }
    let deadline = Deadline(now + Limits.resolution, .resolution)
    outbound.queuedAt = deadline.instant
    deadlines.add(deadline, for: outbound.number)
  }

  mutating func lookupsExpired(_ outbound: Outbound, at now: Instant) {
    locate(outbound, at: now) { $0.timeExpired() }
  }

  /// False: nothing that was not known already.
  @discardableResult
  private func add(_ addresses: [SocketAddress], to outbound: Outbound) -> Bool {
    let location = outbound.location
    let known = outbound.candidates.count
    for address in addresses where outbound.candidates.count < Limits.candidates {
      var address = address
      address.port = location.targetPort
      // The same place twice, under whatever names, is tried once.
      let isKnown = outbound.candidates.contains {
        $0.address == address && $0.transport == location.transport
      }
      guard !isKnown else { continue }
      outbound.candidates.append(
        Candidate(
          transport: location.transport, address: address,
          isTransportFixed: location.namedTransport != nil))
    }
    return outbound.candidates.count > known
  }

  package mutating func resolved(
    _ id: ResolutionID, _ addresses: [SocketAddress], at now: Instant
  ) {
    timePassed(before: now)
    defer { dropStaleDeadlines() }
    guard let outbound = outbounds[id.number], outbound.location.machine.isAskingAddresses
    else { return }
    if add(addresses, to: outbound) {
      locate(outbound, at: now) { $0.addressesFound() }
    } else {
      let isLast = !outbound.hasMoreTargets
      locate(outbound, at: now) { isLast ? $0.nothingFound() : $0.targetMissing() }
    }
  }

  /// SRV records (RFC 2782). A single "." says that the service is decidedly not there.
  package mutating func servicesFound(
    _ id: ResolutionID, _ records: [ServiceRecord], at now: Instant
  ) {
    timePassed(before: now)
    defer { dropStaleDeadlines() }
    guard let outbound = outbounds[id.number], outbound.location.machine.isAskingServices
    else { return }
    if records.count == 1, records[0].target.isEmpty {
      return locate(outbound, at: now) { $0.serviceDenied() }
    }
    let targets = ServiceTarget.ordered(records, random: &random)
    outbound.location.take(targets)
    locate(outbound, at: now) { targets.isEmpty ? $0.nothingFound() : $0.servicesFound() }
  }

  /// NAPTR records (RFC 3263 §4.1).
  package mutating func pointersFound(
    _ id: ResolutionID, _ records: [PointerRecord], at now: Instant
  ) {
    timePassed(before: now)
    defer { dropStaleDeadlines() }
    guard let outbound = outbounds[id.number], outbound.location.machine.isAskingPointers
    else { return }
    let isFound = outbound.location.take(records) { transport in
      transport == .tcp || listeners.contains { $0.transport == transport }
    }
    locate(outbound, at: now) { isFound ? $0.pointersFound() : $0.nothingFound() }
  }

  package mutating func resolutionFailed(_ id: ResolutionID, at now: Instant) {
    timePassed(before: now)
    defer { dropStaleDeadlines() }
    guard let outbound = outbounds[id.number] else { return }
    let isLast = !outbound.hasMoreTargets
    let isTarget = outbound.location.machine.isAskingAddresses
    locate(outbound, at: now) { isTarget && !isLast ? $0.targetMissing() : $0.nothingFound() }
  }

  /// The next candidate, as far as it can be taken now.
  mutating func tryNext(_ outbound: Outbound, at now: Instant) {
    while outbound.next < outbound.candidates.count {
      let candidate = outbound.candidates[outbound.next]
      switch candidate.transport {
      case .udp:
        guard
          let listener = listeners.first(where: {
            $0.transport == .udp && $0.local.family == candidate.address.family
          })
        else {
          if let path = streamInstead(of: outbound) {
            return proceed(outbound, path, candidate, at: now)
          }
          outbound.failure = .unsupportedTransport
          outbound.next += 1
          continue
        }
        guard let shown = shown(on: listener, toward: candidate.address) else {
          wait(outbound, forRouteTo: candidate.address)
          return
        }
        let flow = Flow.datagram(listener.id, remote: candidate.address)
        return proceed(outbound, Path(flow: flow, shown: shown), candidate, at: now)
      case .tcp:
        guard let connection = connection(to: candidate.address, at: now) else {
          outbound.next += 1
          continue
        }
        let flow = Flow.stream(connection.id, remote: candidate.address)
        switch connection.state {
        case .open:
          return proceed(outbound, Path(flow: flow, shown: connection.shown), candidate, at: now)
        case .connecting:
          connection.waiting.append(outbound.number)
          return
        }
      }
    }
    let isLast = !outbound.hasMoreTargets
    locate(outbound, at: now) { isLast ? $0.targetsUsedUp() : $0.addressesUsedUp() }
  }

  /// A peer that came by a stream and forgot to say so in its Contact is reached the same way, where no UDP
  /// listener of the family stands.
  private func streamInstead(of outbound: Outbound) -> Path? {
    guard outbound.kind.isInDialog, let path = outbound.session.path,
      path.flow.transport == .tcp, isUsable(path.flow)
    else { return nil }
    return path
  }

  /// RFC 3261 §18.1.1 and spec T-3: too large for a datagram, and nobody said UDP: TCP first, then UDP.
  private mutating func proceed(
    _ outbound: Outbound, _ path: Path, _ candidate: Candidate, at now: Instant
  ) {
    if candidate.transport == .udp, !candidate.isTransportFixed,
      size(of: outbound) > Limits.datagramRequest
    {
      let tcp = Candidate(transport: .tcp, address: candidate.address, isTransportFixed: true)
      outbound.candidates[outbound.next].isTransportFixed = true
      outbound.candidates.insert(tcp, at: outbound.next)
      return tryNext(outbound, at: now)
    }
    outbound.queuedAt = nil
    begin(outbound, over: path, at: now)
  }

  /// About how large the request will be; only the bodies and headers of offers can make it large.
  private func size(of outbound: Outbound) -> Int {
    let session = outbound.session
    let fixed = 400 + settings.userAgent.count
    switch outbound.kind {
    case .invite:
      guard let invite = session.invite else { return 0 }
      let headers = invite.headers.reduce(0) { $0 + $1.name.count + $1.value.count + 4 }
      return fixed + invite.target.count + invite.from.count + invite.to.count
        + invite.callID.count + headers + invite.body.count
        + (session.authentication == nil ? 0 : 400)
    case .offer(let body): return fixed + 200 + body.count
    case .passed(let request): return fixed + 200 + request.body.count
    case .acknowledgement, .bye, .refresh, .reliable, .notify: return 0
    }
  }

  /// The address Via and Contact show; nil = the route must be asked for.
  func shown(on listener: Listener, toward destination: SocketAddress) -> [UInt8]? {
    if !listener.shown.isEmpty { return listener.shown }
    guard var local = routes[SocketAddress.host(of: destination)] else { return nil }
    local.port = listener.local.port
    return local.hostPortText
  }

  private mutating func wait(_ outbound: Outbound, forRouteTo destination: SocketAddress) {
    let key = SocketAddress.host(of: destination)
    if routeWaiters[key] == nil { add(.findRoute(to: destination)) }
    routeWaiters[key, default: []].append(outbound.number)
  }

  package mutating func routeFound(
    to destination: SocketAddress, local: SocketAddress, at now: Instant
  ) {
    timePassed(before: now)
    let key = SocketAddress.host(of: destination)
    if routes.count >= Limits.routesRemembered { routes.removeAll() }
    if !local.isWildcard { routes[key] = local }
    for number in routeWaiters.removeValue(forKey: key) ?? [] {
      guard let outbound = outbounds[number] else { continue }
      if local.isWildcard {
        outbound.failure = .unreachable
        outbound.next += 1
      }
      tryNext(outbound, at: now)
    }
    dropStaleDeadlines()
  }

  mutating func remove(_ outbound: Outbound) {
    guard outbounds.remove(outbound.number) != nil else { return }
    outbound.session.openTransactions -= 1
    if outbound.session.attempt == outbound.number { outbound.session.attempt = nil }
  }

  /// Every candidate was tried.
  mutating func fail(_ outbound: Outbound, at now: Instant) {
    remove(outbound)
    failBeforeSending(outbound.kind, of: outbound.session, outbound.failure, at: now)
    releaseIfDone(outbound.session)
  }

  private mutating func failBeforeSending(
    _ kind: Outbound.Kind, of session: Session, _ failure: SessionFailure, at now: Instant
  ) {
    switch kind {
    case .invite:
      attemptFailed(session, failure, at: now)
    case .acknowledgement:
      break  // the peer repeats its 2xx, and each is a new try
    case .bye(let dialog):
      byeFinished(session, dialog: dialog, at: now)
    case .offer:
      offerFinished(session, code: 408, at: now)
    case .refresh:
      refreshFinished(session, code: 408, nil, at: now)
    case .passed(let request):
      passedFinished(session, request.server, code: 408, nil, at: now)
    case .notify:
      break  // whoever asked for the transfer has left
    case .reliable:
      break  // the peer repeats its response, and gives up by itself (RFC 3262 §3)
    }
  }
}

extension SocketAddress {
  /// The address without its port: what a route depends on.
  static func host(of address: SocketAddress) -> SocketAddress {
    var host = address
    host.port = 0
    return host
  }
}
