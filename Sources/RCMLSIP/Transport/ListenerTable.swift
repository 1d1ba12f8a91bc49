import RCMLBasics

/// The sockets we listen on, and the address of ours that others see (spec T-5).
final class ListenerTable {
  private let context: UserAgentContext
  private var listeners: [Listener] = []
  /// The address we are seen under, by destination: for listeners bound to the wildcard, and where there are several.
  private var routes: [SocketAddress: SocketAddress] = [:]

  /// The address of ours that a datagram came to last, by listener; only while messages are told.
  private var heard: [ListenerID: SocketAddress] = [:]

  init(context: UserAgentContext) { self.context = context }

  func opened(_ id: ListenerID, _ transport: Transport, local: SocketAddress) {
    closed(id)
    listeners.append(
      Listener(id: id, transport: transport, local: local, shown: shownText(of: local)))
  }

  /// The listener's own address outside goes before the setting.
  func shown(_ id: ListenerID, as outside: [UInt8]) {
    guard let index = listeners.firstIndex(where: { $0.id == id }), !outside.isEmpty else { return }
    listeners[index].showOutside(outside)
  }

  func closed(_ id: ListenerID) { listeners.removeAll { $0.id == id } }

  /// Nothing begins on it any more.
  func leave(_ id: ListenerID) {
    guard let index = listeners.firstIndex(where: { $0.id == id }) else { return }
    listeners[index].leave()
  }

  func isLeaving(_ id: ListenerID) -> Bool {
    listeners.contains { $0.id == id && $0.isLeaving }
  }

  func transport(of id: ListenerID) -> Transport? {
    listeners.first { $0.id == id }?.transport
  }

  func contains(_ id: ListenerID) -> Bool { listeners.contains { $0.id == id } }

  func contains(_ transport: Transport) -> Bool {
    listeners.contains { $0.transport == transport && !$0.isLeaving }
  }

  // MARK: - The one to send from

  enum Choice {
    case none
    case listener(Listener)
    /// Which of several it is depends on the route, which must be asked for.
    case routeWanted
  }

  /// The one to send a datagram from. `home`: the one that the dialog lives on.
  func choice(toward destination: SocketAddress, home: ListenerID?) -> Choice {
    var first: Listener?
    var isMany = false
    for listener in listeners where listener.serves(.udp, destination.family, home: home) {
      if let first, first.local.host != listener.local.host { isMany = true }
      first = first ?? listener
    }
    guard let first else { return .none }
    guard !isMany || routes[destination.host] != nil else { return .routeWanted }
    let local = isMany ? routes[destination.host] : first.local.host
    return .listener(
      best(.udp, toward: destination, from: local ?? first.local, home: home) ?? first)
  }

  /// The one that peers are told of who are reached over a connection with this end of ours.
  func stream(
    from local: SocketAddress, to remote: SocketAddress, _ transport: Transport
  ) -> Listener? {
    best(transport, toward: remote, from: local, home: nil)
  }

  /// The first of those that fit best: by the address packets leave from; then the dialog's own; then the one that shows
  /// an address of the network the destination is in, inner or outer.
  private func best(
    _ transport: Transport, toward destination: SocketAddress, from local: SocketAddress,
    home: ListenerID?
  ) -> Listener? {
    var best: (listener: Listener, rank: Int)?
    for listener in listeners where listener.serves(transport, destination.family, home: home) {
      var rank = 0
      if listener.local == local { rank += 32 }
      if listener.local.host == local.host { rank += 16 }
      if listener.local.isWildcard { rank += 8 }
      if listener.id == home { rank += 4 }
      if listener.isShownInner == destination.isOfInnerNetwork { rank += 2 }
      if let best, best.rank >= rank { continue }
      best = (listener, rank)
    }
    return best?.listener
  }

  // MARK: - What messages are told with

  func heard(on id: ListenerID, at local: SocketAddress) {
    if heard[id] != local { heard[id] = local }
  }

  /// Where a datagram to `remote` leaves from, as far as anybody here knows.
  func local(of id: ListenerID, toward remote: SocketAddress) -> SocketAddress {
    guard let listener = listeners.first(where: { $0.id == id }) else {
      return SocketAddress(ipv4: 0, port: 0)
    }
    let known = local(of: listener, toward: remote)
    guard known.isWildcard, var heard = heard[id] else { return known }
    heard.port = known.port
    return heard
  }

  /// A wildcard = nobody has asked.
  func local(of listener: Listener, toward remote: SocketAddress) -> SocketAddress {
    guard listener.local.isWildcard, var local = routes[remote.host] else { return listener.local }
    local.port = listener.local.port
    return local
  }

  // MARK: - What is shown

  /// Spec T-5: the address packets leave from, or the setting; empty for the wildcard.
  private func shownText(of local: SocketAddress) -> [UInt8] {
    let address = context.settings.publicAddress
    guard !address.isEmpty else { return local.isWildcard ? [] : local.hostPortText }
    var writer = ByteWriter(capacity: address.count + 6)
    writer.append(address)
    writer.append(UInt8(ascii: ":"))
    writer.append(decimal: UInt64(local.port))
    return writer.finish()
  }

  /// What a peer is shown whose datagram came in here.
  func shown(on id: ListenerID, _ local: SocketAddress) -> [UInt8] {
    for listener in listeners where listener.id == id && !listener.shown.isEmpty {
      return listener.shown
    }
    return local.hostPortText
  }

  /// What is shown on a connection that was accepted here.
  func shown(onStreamOf id: ListenerID, _ local: SocketAddress) -> [UInt8] {
    for listener in listeners where listener.id == id && listener.hasOutside {
      return listener.shown
    }
    return shownText(of: local)
  }

  /// What is shown on a connection that we opened.
  func shown(
    onStreamFrom local: SocketAddress, to remote: SocketAddress, _ transport: Transport
  ) -> [UInt8] {
    guard let listener = stream(from: local, to: remote, transport), listener.hasOutside else {
      return shownText(of: local)
    }
    return listener.shown
  }

  /// The place in Contact on a connection of ours: its own port is one that nobody listens on, so it is a listener's,
  /// where there is one. nil = there is none.
  func contact(
    onStreamFrom local: SocketAddress, to remote: SocketAddress, _ transport: Transport
  ) -> [UInt8]? {
    guard let listener = stream(from: local, to: remote, transport) else { return nil }
    if listener.hasOutside { return listener.shown }
    var local = local
    local.port = listener.local.port
    return shownText(of: local)
  }

  /// The address Via and Contact show; nil = the route must be asked for.
  func shown(on listener: Listener, toward destination: SocketAddress) -> [UInt8]? {
    if !listener.shown.isEmpty { return listener.shown }
    guard var local = routes[destination.host] else { return nil }
    local.port = listener.local.port
    return local.hostPortText
  }

  /// Nothing is known of a route whose address is the wildcard.
  func routeFound(to destination: SocketAddress, local: SocketAddress) {
    if routes.count >= Limits.routesRemembered { routes.removeAll() }
    if !local.isWildcard { routes[destination.host] = local.host }
  }
}

extension SocketAddress {
  /// The address without its port: what a route depends on.
  var host: SocketAddress {
    var host = self
    host.port = 0
    return host
  }
}
