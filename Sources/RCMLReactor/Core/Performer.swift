import CSystem
import RCMLAgent
import RCMLBasics

/// Performs what the core wants: every output goes to the part that it is for.
final class Performer {
  private let listeners: Listeners
  private let datagrams: Datagrams
  private let streams: Streams
  private let names: Names
  private let web: WebExchanges
  private let media: MediaDesk
  private let events: HostEvents
  private let seal: KeySeal

  init(
    listeners: Listeners, datagrams: Datagrams, streams: Streams, names: Names,
    web: WebExchanges, media: MediaDesk, events: HostEvents, seal: KeySeal
  ) {
    self.seal = seal
    self.listeners = listeners
    self.datagrams = datagrams
    self.streams = streams
    self.names = names
    self.web = web
    self.media = media
    self.events = events
  }

  func perform(_ output: Output, _ turn: Turn) {
    switch output {
    case .network(let output): perform(output, turn)
    case .names(let command): names.perform(command, turn)
    case .web(let id, .begin(let exchange)):
      if let host = web.begin(id, exchange, turn) { names.lookUp(host, for: id, turn) }
    case .web(let id, .abort): web.abort(id, turn)
    case .media(.describe(let id, let description)):
      media.perform(.describe(id, seal.opened(description)), turn)
    case .media(let command): media.perform(command, turn)
    case .tell(let event): events.append(event)
    }
  }

  private func perform(_ output: NetworkOutput, _ turn: Turn) {
    switch output {
    case .send(let listener, let destination, let bytes):
      datagrams.send(seal.opened(bytes), from: listener, to: destination, turn)
    case .openStream(let id, let destination): streams.open(id, to: destination, turn)
    case .openSecured(let id, let destination, let domain):
      streams.openSecured(id, to: destination, domain: domain, turn)
    case .sendStream(let id, let bytes): streams.send(id, seal.opened(bytes), turn)
    case .closeStream(let id):
      seal.forget(id)
      streams.close(id, turn)
    case .closeListener(let id):
      datagrams.flush(turn)
      listeners.close(id)
      turn.tell(.network(.listenerClosed(id)))
    case .findRoute(let destination): findRoute(to: destination, turn)
    }
  }

  /// Asks the kernel which of our addresses a packet would leave from. Nothing is sent. Where there is no way
  /// the answer is the wildcard address, which nobody can be shown.
  private func findRoute(to destination: SocketAddress, _ turn: Turn) {
    var target = destination.system
    var local = system_address()
    let status = system_route(&target, &local)
    let wildcard =
      destination.family == .ipv4
      ? SocketAddress(ipv4: 0, port: 0) : SocketAddress(ipv6High: 0, low: 0, port: 0)
    turn.tell(
      .network(.routeFound(to: destination, local: status == 0 ? SocketAddress(local) : wildcard)))
  }
}
