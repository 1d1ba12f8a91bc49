import CSystem
import RCMLAgent
import RCMLBasics

/// Looking up names. A numeric address and /etc/hosts are answered at once.
extension Reactor {
  func lookUp(_ id: ResolutionID, _ host: [UInt8], _ now: Instant) {
    guard names.start(.core(id), host: host) else { return tell(.resolutionFailed(id), now) }
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

  /// The same address once, however many records name it.
  func takeAddresses(_ now: Instant) {
    while let (purpose, found) = names.next() {
      var addresses: [SocketAddress] = []
      for address in found where !addresses.contains(address) { addresses.append(address) }
      switch purpose {
      case .core(let id):
        tell(addresses.isEmpty ? .resolutionFailed(id) : .resolved(id, addresses), now)
      case .exchange(let id): exchangeResolved(id, addresses, now)
      }
    }
  }
}
