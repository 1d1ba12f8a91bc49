import CSystem
import RCMLAgent
import RCMLBasics

/// Looking up names. A numeric address and /etc/hosts are answered at once.
extension Reactor {
  func lookUp(
    _ id: ResolutionID, _ host: [UInt8], _ kind: NameLookups.Kind, _ now: Instant
  ) {
    guard names.start(.core(id), kind, host: host) else { return tell(.resolutionFailed(id), now) }
    takeAddresses(now)
  }

  func namesReady(_ socket: Int32, _ events: UInt32, _ now: Instant) {
    guard let resolver = names.resolver else { return }
    system_names_ready(resolver, socket, events)
    takeAddresses(now)
  }

  func namesTimePassed(_ now: Instant) {
    guard let resolver = names.resolver, names.deadline(now) != .distantFuture else { return }
    system_names_time_passed(resolver)
    takeAddresses(now)
  }

  func useNameServers(_ servers: [UInt8], _ now: Instant) {
    names.use(servers: servers)
    takeAddresses(now)
  }

  func takeAddresses(_ now: Instant) {
    while let (purpose, found) = names.next() {
      switch purpose {
      case .core(let id): tell(answer(found, to: id), now)
      case .exchange(let id):
        guard case .addresses(let addresses) = found else { continue }
        exchangeResolved(id, once(addresses), now)
      }
    }
  }

  private func answer(_ found: NameLookups.Found, to id: ResolutionID) -> Input {
    switch found {
    case .addresses(let addresses) where !addresses.isEmpty: .resolved(id, once(addresses))
    case .services(let records) where !records.isEmpty: .servicesFound(id, records)
    case .pointers(let records) where !records.isEmpty: .pointersFound(id, records)
    case .addresses, .services, .pointers: .resolutionFailed(id)
    }
  }

  /// The same address once, however many records name it.
  private func once(_ found: [SocketAddress]) -> [SocketAddress] {
    var addresses: [SocketAddress] = []
    for address in found where !addresses.contains(address) { addresses.append(address) }
    return addresses
  }
}
