import CSystem
import RCMLAgent
import RCMLBasics

/// Performing what the core wants.
extension Reactor {
  func perform(_ output: Output, _ now: Instant) {
    switch output {
    case .network(let output): perform(output, now)
    case .names(let command): perform(command, now)
    case .web(let id, .begin(let exchange)): startExchange(id, exchange, now)
    case .web(let id, .abort): abortExchange(id, now)
    case .media(let command): perform(command, now)
    case .tell(let event):
      // Outside of `process` nobody knows yet that there is something to pull.
      if !isProcessing, events.isEmpty { waker.wake() }
      events.append(event)
    }
  }

  private func perform(_ output: NetworkOutput, _ now: Instant) {
    switch output {
    case .send(let listener, let destination, let bytes):
      send(bytes, from: listener, to: destination, now)
    case .openStream(let id, let destination): openStream(id, to: destination, now)
    case .sendStream(let id, let bytes): sendStream(id, bytes, now)
    case .closeStream(let id): closeStream(id, now)
    case .findRoute(let destination): findRoute(to: destination, now)
    }
  }

  private func perform(_ command: NameCommand, _ now: Instant) {
    switch command {
    case .addresses(let id, let host): lookUp(id, host, .addresses, now)
    case .services(let id, let name): lookUp(id, name, .services, now)
    case .pointers(let id, let name): lookUp(id, name, .pointers, now)
    case .useServers(let servers): useNameServers(servers, now)
    }
  }

  /// Asks the kernel which of our addresses a packet would leave from. Nothing is sent. Where there is no way
  /// the answer is the wildcard address, which nobody can be shown.
  private func findRoute(to destination: SocketAddress, _ now: Instant) {
    var target = destination.system
    var local = system_address()
    let status = system_route(&target, &local)
    let wildcard =
      destination.family == .ipv4
      ? SocketAddress(ipv4: 0, port: 0) : SocketAddress(ipv6High: 0, low: 0, port: 0)
    tell(
      .network(.routeFound(to: destination, local: status == 0 ? SocketAddress(local) : wildcard)),
      now)
  }
}
