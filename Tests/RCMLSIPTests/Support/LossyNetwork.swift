import RCMLBasics

@testable import RCMLSIP

/// Two user agents, a network between them that loses, doubles and delays by a seed, and one virtual clock.
final class LossyNetwork {
  final class Station {
    let address: SocketAddress
    var agent: UserAgent
    var events: [(at: Instant, id: SessionID, event: SessionEvent)] = []
    var incoming: [SessionID] = []
    var sent: [(at: Instant, bytes: [UInt8])] = []

    init(_ address: SocketAddress, seed: UInt64) {
      self.address = address
      agent = UserAgent(random: RandomSource(seed: seed), settings: Settings())
      agent.listening(ListenerID(1), .udp, local: address)
    }

    func names(of id: SessionID) -> [String] {
      events.filter { $0.id == id }.map { Bench.name($0.event) }
    }
  }

  private struct Delivery {
    var at: Instant
    var to: Int
    var from: SocketAddress
    var bytes: [UInt8]
  }

  let stations: [Station]
  var now = Instant(nanoseconds: 1_000_000_000_000)
  /// In percent.
  var loss = 0
  var doubling = 0
  private var random: RandomSource
  private var flying: [Delivery] = []
  /// What a test does at its instant: called with the clock there.
  private var plans: [(at: Instant, act: () -> Void)] = []

  init(seed: UInt64) {
    random = RandomSource(seed: seed)
    stations = [
      Station(SocketAddress(ipv4: 0x0A00_0001, port: 5060), seed: seed &* 2 &+ 1),
      Station(SocketAddress(ipv4: 0x0A00_0002, port: 5060), seed: seed &* 2 &+ 2),
    ]
  }

  func roll(_ sides: Int) -> Int { Int(random.next() % UInt64(sides)) }

  func plan(after milliseconds: Int, _ act: @escaping () -> Void) {
    plans.append((now + .milliseconds(milliseconds), act))
  }

  private func drain() {
    for station in stations {
      while let effect = station.agent.nextEffect() {
        switch effect {
        case .send(_, let to, let bytes):
          station.sent.append((now, bytes))
          for _ in 0...(roll(100) < doubling ? 1 : 0) where roll(100) >= loss {
            guard let index = stations.firstIndex(where: { $0.address == to }) else { continue }
            let arrival = now + .milliseconds(1 + roll(80))
            flying.append(Delivery(at: arrival, to: index, from: station.address, bytes: bytes))
          }
        case .incoming(let id, _): station.incoming.append(id)
        case .session(let id, let event): station.events.append((now, id, event))
        case .openStream, .openSecured, .sendStream, .closeStream, .closeListener, .resolve,
          .findServices, .findPointers, .findRoute, .refused, .message,
          .judged, .limited, .confirmed:
          break
        }
      }
    }
  }

  /// Until nothing is left to happen, or `limit` steps.
  func run(limit: Int = 20_000) {
    drain()
    for _ in 0..<limit {
      var next: Instant?
      func consider(_ instant: Instant?) {
        if let instant { next = min(next ?? instant, instant) }
      }
      consider(flying.map(\.at).min())
      consider(plans.map(\.at).min())
      for station in stations { consider(station.agent.nextDeadline?.instant) }
      guard let next else { return }
      now = max(now, next)
      if let index = plans.firstIndex(where: { $0.at <= now }) {
        plans.remove(at: index).act()
      } else if let index = flying.firstIndex(where: { $0.at <= now }) {
        let delivery = flying.remove(at: index)
        let station = stations[delivery.to]
        delivery.bytes.withUnsafeBytes {
          station.agent.datagram(
            $0, on: ListenerID(1), from: delivery.from, local: station.address, at: now)
        }
      } else {
        for station in stations where station.agent.nextDeadline.map({ $0.instant <= now }) ?? false
        {
          station.agent.timePassed(at: now)
        }
      }
      drain()
    }
  }
}
