import RCMLAgent
import RCMLBasics

/// Looking up names, for the core and for exchanges. A numeric address and /etc/hosts are answered at once.
final class Names {
  private var lookups: NameLookups
  private let web: WebExchanges

  init(poll: Poll, web: WebExchanges) {
    lookups = NameLookups(epoll: poll.descriptor)
    self.web = web
  }

  func perform(_ command: NameCommand, _ turn: Turn) {
    switch command {
    case .addresses(let id, let host): lookUp(id, host, .addresses, turn)
    case .services(let id, let name): lookUp(id, name, .services, turn)
    case .pointers(let id, let name): lookUp(id, name, .pointers, turn)
    case .useServers(let servers):
      lookups.use(servers: servers)
      takeAnswers(turn)
    }
  }

  private func lookUp(
    _ id: ResolutionID, _ host: [UInt8], _ kind: NameLookups.Kind, _ turn: Turn
  ) {
    guard lookups.start(.core(id), kind, host: host) else {
      return turn.tell(.names(id, .failed(.other)))
    }
    takeAnswers(turn)
  }

  /// The addresses of the host that an exchange is with.
  func lookUp(_ host: [UInt8], for exchange: ExchangeID, _ turn: Turn) {
    guard lookups.start(.exchange(exchange), host: host) else {
      return web.resolved(exchange, [], turn)
    }
    takeAnswers(turn)  // /etc/hosts may have answered already
  }

  func ready(_ socket: Int32, _ events: UInt32, _ turn: Turn) {
    if lookups.ready(socket, events) { takeAnswers(turn) }
  }

  func timePassed(_ turn: Turn) {
    if lookups.timePassed(turn.now) { takeAnswers(turn) }
  }

  func deadline(_ now: Instant) -> Instant { lookups.deadline(now) }

  func close() { lookups.close() }

  private func takeAnswers(_ turn: Turn) {
    while let (purpose, found) = lookups.next() {
      switch purpose {
      case .core(let id): turn.tell(.names(id, answer(found)))
      case .exchange(let id):
        switch found {
        case .addresses(let addresses): web.resolved(id, once(addresses), turn)
        case .nothing: web.resolved(id, [], turn)
        case .services, .pointers: continue
        }
      }
    }
  }

  private func answer(_ found: NameLookups.Found) -> NameAnswer {
    switch found {
    case .addresses(let addresses): .addresses(once(addresses))
    case .services(let records): .services(records)
    case .pointers(let records): .pointers(records)
    case .nothing(let failure): .failed(failure)
    }
  }

  /// The same address once, however many records name it.
  private func once(_ found: [SocketAddress]) -> [SocketAddress] {
    var addresses: [SocketAddress] = []
    for address in found where !addresses.contains(address) { addresses.append(address) }
    return addresses
  }
}
