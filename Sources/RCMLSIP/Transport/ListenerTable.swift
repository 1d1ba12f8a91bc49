import RCMLBasics

/// The sockets we listen on, and the address of ours that others see (spec T-5).
final class ListenerTable {
  private let context: UserAgentContext
  private var listeners: [Listener] = []
  /// The address we are seen under, by destination: for listeners bound to the wildcard.
  private var routes: [SocketAddress: SocketAddress] = [:]

  init(context: UserAgentContext) { self.context = context }

  func opened(_ id: ListenerID, _ transport: Transport, local: SocketAddress) {
    closed(id)
    listeners.append(
      Listener(id: id, transport: transport, local: local, shown: shownText(of: local)))
  }

  func closed(_ id: ListenerID) { listeners.removeAll { $0.id == id } }

  func contains(_ id: ListenerID) -> Bool { listeners.contains { $0.id == id } }

  func contains(_ transport: Transport) -> Bool { listeners.contains { $0.transport == transport } }

  /// The one to send from to an address of this family.
  func first(_ transport: Transport, _ family: SocketAddress.Family) -> Listener? {
    for listener in listeners
    where listener.transport == transport && listener.local.family == family {
      return listener
    }
    return nil
  }

  // MARK: - What is shown

  /// Spec T-5: the address packets leave from, or the setting; empty for the wildcard.
  func shownText(of local: SocketAddress) -> [UInt8] {
    let address = context.settings.publicAddress
    guard !address.isEmpty else { return local.isWildcard ? [] : local.hostPortText }
    var writer = ByteWriter(capacity: address.count + 6)
    writer.append(address)
    writer.append(UInt8(ascii: ":"))
    writer.append(decimal: UInt64(local.port))
    return writer.bytes
  }

  /// What a peer is shown whose datagram came in here.
  func shown(on id: ListenerID, _ local: SocketAddress) -> [UInt8] {
    for listener in listeners where listener.id == id && !listener.shown.isEmpty {
      return listener.shown
    }
    return local.hostPortText
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
    if !local.isWildcard { routes[destination.host] = local }
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
