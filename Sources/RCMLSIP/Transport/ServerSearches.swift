import RCMLBasics

/// From a URI to a flow: addresses, listeners, routes and connections (RFC 3261 §18.1.1, RFC 3263, spec T-1…T-6).
final class ServerSearches {
  private let context: UserAgentContext
  private let listeners: ListenerTable
  private let connections: ConnectionTable
  private var searches = SlotTable<Search>()
  /// Searches that wait for a route.
  private var routeWaiters: [SocketAddress: [UInt64]] = [:]

  init(context: UserAgentContext, listeners: ListenerTable, connections: ConnectionTable) {
    self.context = context
    self.listeners = listeners
    self.connections = connections
  }

  var count: Int { searches.count }

  subscript(number: UInt64) -> Search? { searches[number] }

  // MARK: - Beginning

  func begin(
    _ uri: [UInt8], size: Int, home: Path?, mustBeSecured: Bool, at now: Instant
  ) -> SearchOutcome {
    guard let target = SIPURI.read(uri[...], withUser: false) else {
      return .failed(Reason(.invalidTarget, at: ""))
    }
    let isSecured = target.scheme == .sips || mustBeSecured
    var named: Transport? = isSecured ? .tls : nil
    switch target.transport {
    case .udp where !isSecured: named = .udp
    // RFC 5630 §3.1.3: with sips: it says what TLS runs over.
    case .tcp: named = isSecured ? .tls : .tcp
    case .tls: named = .tls
    case .other, .udp: return .failed(Reason(.unknownTransport, at: DialledPlace.words(of: uri)))
    case nil: break
    }
    let host = target.server
    let name: [UInt8] = if case .name(let name) = host { name } else { [] }
    let location = ServerLocation(
      host: name, port: target.port, transport: named,
      domain: ServerSearches.domain(of: target.host, home: home))
    let search = searches.add { number in
      Search(number: number, location: location, size: size, home: home)
    }.element
    let isOpen = context.settings.asksPointers && target.transport == nil
    switch host {
    case .address(let address):
      _ = search.add([address])
      return locate(search, at: now) { $0.addressGiven() }
    case .name where target.port != nil || search.location.isLocal:
      return locate(search, at: now) { $0.portGiven() }
    case .name:
      return locate(search, at: now) { isOpen ? $0.transportOpen() : $0.transportGiven() }
    }
  }

  /// Who has to prove that he is there. An address proves little: inside of a dialog its peer is meant, whoever he was when it
  /// began (spec T-8).
  private static func domain(of host: SIPURI.Host, home: Path?) -> [UInt8] {
    switch host {
    case .name(let name): return name
    case .address(let address):
      if let home, home.isSecured, let name = home.peer.split(separator: UInt8(ascii: ",")).first {
        return Array(name)
      }
      var writer = ByteWriter(capacity: 48)
      address.appendHost(to: &writer)
      return writer.finish()
    }
  }

  /// The addresses of `old` from `next` on.
  func resume(_ old: Search, from next: Int, size: Int, at now: Instant) -> SearchOutcome {
    let search = searches.add { number in
      Search(number: number, again: old, from: next, size: size)
    }.element
    return tryNext(search, at: now)
  }

  /// Nobody wants it any more.
  func drop(_ search: Search) { searches.remove(search.number) }

  // MARK: - What was waited for

  func found(
    _ id: ResolutionID, _ addresses: [SocketAddress], at now: Instant
  ) -> SearchOutcome? {
    guard let search = searches[id.number], search.location.machine.isAskingAddresses else {
      return nil
    }
    if search.add(addresses) { return locate(search, at: now) { $0.addressesFound() } }
    let isLast = !search.hasMoreTargets
    return locate(search, at: now) { isLast ? $0.nothingFound() : $0.targetMissing() }
  }

  /// SRV records (RFC 2782). A single "." says that the service is decidedly not there.
  func found(_ id: ResolutionID, _ records: [ServiceRecord], at now: Instant) -> SearchOutcome? {
    guard let search = searches[id.number], search.location.machine.isAskingServices else {
      return nil
    }
    if records.count == 1, records[0].target.isEmpty {
      search.nothingFound(because: .serviceDenied)
      return locate(search, at: now) { $0.serviceDenied() }
    }
    let targets = context.withRandom { ServiceTarget.ordered(records, random: &$0) }
    search.location.take(targets)
    return locate(search, at: now) { targets.isEmpty ? $0.nothingFound() : $0.servicesFound() }
  }

  /// NAPTR records (RFC 3263 §4.1).
  func found(_ id: ResolutionID, _ records: [PointerRecord], at now: Instant) -> SearchOutcome? {
    guard let search = searches[id.number], search.location.machine.isAskingPointers else {
      return nil
    }
    let isSecured = search.location.namedTransport == .tls
    let isFound = search.location.take(records) {
      isSecured ? $0 == .tls : $0.isReliable || listeners.contains($0)
    }
    return locate(search, at: now) { isFound ? $0.pointersFound() : $0.nothingFound() }
  }

  func nothingFound(
    _ id: ResolutionID, because failure: NameFailure, at now: Instant
  ) -> SearchOutcome? {
    guard let search = searches[id.number] else { return nil }
    search.nothingFound(because: failure.code)
    let isLast = !search.hasMoreTargets
    let isTarget = search.location.machine.isAskingAddresses
    return locate(search, at: now) { isTarget && !isLast ? $0.targetMissing() : $0.nothingFound() }
  }

  func lookupsExpired(_ search: Search, at now: Instant) -> SearchOutcome {
    search.nothingFound(because: .nameServerSilent)
    return locate(search, at: now) { $0.timeExpired() }
  }

  /// Those that waited for the route to this destination.
  func takeRouteWaiters(_ destination: SocketAddress) -> [UInt64] {
    routeWaiters.removeValue(forKey: destination.host) ?? []
  }

  // MARK: - Trying

  /// Gives the location an input and performs what it says: one thing at most.
  private func locate(
    _ search: Search, at now: Instant,
    _ input: (inout LocationMachine) -> EffectList<LocationMachine.Effect>
  ) -> SearchOutcome {
    let id = ResolutionID(search.number)
    for effect in input(&search.location.machine) {
      switch effect {
      case .askPointers:
        limitLookups(of: search, at: now)
        context.add(.findPointers(id, name: search.location.host))
      case .askServices:
        limitLookups(of: search, at: now)
        context.add(.findServices(id, name: search.location.service))
      case .askAddresses:
        limitLookups(of: search, at: now)
        context.add(.resolve(id, host: search.location.nextTarget()))
      case .tryAddresses:
        search.endLookup()
        return tryNext(search, at: now)
      case .fail:
        searches.remove(search.number)
        return .failed(search.reason)
      }
    }
    return .waiting(search)
  }

  /// One limit for all lookups between two tries, however many names there are.
  private func limitLookups(of search: Search, at now: Instant) {
    guard let deadline = search.beginLookup(at: now) else { return }
    context.timers.add(deadline, for: .search(search.number))
  }

  /// The next candidate, as far as it can be taken now.
  func tryNext(_ search: Search, at now: Instant) -> SearchOutcome {
    while let candidate = search.candidate {
      switch candidate.transport {
      case .udp:
        let listener: Listener
        switch listeners.choice(toward: candidate.address, home: search.homeListener) {
        case .listener(let chosen): listener = chosen
        case .routeWanted:
          wait(search, forRouteTo: candidate.address)
          return .waiting(search)
        case .none:
          if let path = streamInstead(of: search) {
            if isTooLarge(search, candidate) { continue }
            return proceed(search, path)
          }
          search.skip(because: .noListener)
          continue
        }
        guard let shown = listeners.shown(on: listener, toward: candidate.address) else {
          wait(search, forRouteTo: candidate.address)
          return .waiting(search)
        }
        if isTooLarge(search, candidate) { continue }
        let flow = Flow.datagram(listener.id, remote: candidate.address)
        let local = listeners.local(of: listener, toward: candidate.address)
        return proceed(search, Path(flow: flow, shown: shown, local: local))
      case .tcp, .tls:
        if let path = streamOfDialog(search, to: candidate) { return proceed(search, path) }
        let isSecured = candidate.transport == .tls
        let peer = StreamPeer(
          remote: candidate.address, transport: candidate.transport,
          domain: isSecured ? search.location.domain : [])
        guard let connection = connections.connection(to: peer, at: now) else {
          search.skip(because: .tooManyConnections)
          continue
        }
        if connection.isOpen { return proceed(search, connection.path) }
        connection.wait(search.number)
        return .waiting(search)
      }
    }
    let isLast = !search.hasMoreTargets
    return locate(search, at: now) { isLast ? $0.targetsUsedUp() : $0.addressesUsedUp() }
  }

  /// RFC 3261 §18.1.1 and spec T-3. True: the next candidate is the same address over TCP.
  private func isTooLarge(_ search: Search, _ candidate: Candidate) -> Bool {
    guard !candidate.isTransportFixed, search.size > Limits.datagramRequest else { return false }
    search.putStreamFirst(at: candidate.address)
    return true
  }

  private func proceed(_ search: Search, _ path: Path) -> SearchOutcome {
    search.endLookup()
    searches.remove(search.number)
    return .found(path, search)
  }

  /// A peer that came by a stream and forgot to say so in its Contact is reached the same way, where no UDP
  /// listener of the family stands.
  private func streamInstead(of search: Search) -> Path? {
    guard let path = search.home, case .stream(let id, _, _) = path.flow,
      connections[id]?.isOpen == true
    else { return nil }
    return path
  }

  /// The connection of the dialog itself leads to that machine: whoever proved something on it is the peer of the dialog, and
  /// nobody has to prove it anew. Its port may be another: one who connects has one that he does not listen at.
  private func streamOfDialog(_ search: Search, to candidate: Candidate) -> Path? {
    guard candidate.transport == .tls, let path = search.home, path.isSecured,
      path.flow.remote.host == candidate.address.host, case .stream(let id, _, _) = path.flow,
      let connection = connections[id], connection.isOpen
    else { return nil }
    return connection.path
  }

  private func wait(_ search: Search, forRouteTo destination: SocketAddress) {
    let key = destination.host
    if routeWaiters[key] == nil { context.add(.findRoute(to: destination)) }
    routeWaiters[key, default: []].append(search.number)
  }
}
