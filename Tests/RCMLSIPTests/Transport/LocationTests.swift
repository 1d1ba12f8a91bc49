import RCMLBasics
import Testing

@testable import RCMLSIP

/// Spec T-2: RFC 3263 and RFC 2782 from the INVITE's point of view.
@Suite struct LocationTests {
  private let first = SocketAddress(ipv4: 0x0A00_0002, port: 0)
  private let second = SocketAddress(ipv4: 0x0A00_0003, port: 0)

  private func service(
    _ target: String, priority: UInt16 = 10, weight: UInt16 = 0, port: UInt16 = 5080
  ) -> ServiceRecord {
    ServiceRecord(priority: priority, weight: weight, port: port, target: Array(target.utf8))
  }

  private func pointer(
    _ service: String, _ replacement: String, order: UInt16 = 10, preference: UInt16 = 10,
    flags: String = "s"
  ) -> PointerRecord {
    PointerRecord(
      order: order, preference: preference, flags: Array(flags.utf8),
      service: Array(service.utf8), replacement: Array(replacement.utf8))
  }

  private func give(_ bench: Bench, _ records: ServiceRecord...) {
    guard let asked = bench.asking.last else { return }
    bench.agent.servicesFound(asked.id, records, at: bench.now)
    bench.drain()
  }

  private func give(_ bench: Bench, _ records: PointerRecord...) {
    guard let asked = bench.asking.last else { return }
    bench.agent.pointersFound(asked.id, records, at: bench.now)
    bench.drain()
  }

  private func give(_ bench: Bench, _ addresses: SocketAddress...) {
    guard let asked = bench.resolving.last else { return }
    bench.agent.resolved(asked.id, addresses, at: bench.now)
    bench.drain()
  }

  private func refuseQuestion(_ bench: Bench) {
    guard let asked = bench.asking.last else { return }
    bench.agent.resolutionFailed(asked.id, at: bench.now)
    bench.drain()
  }

  private func refuseName(_ bench: Bench) {
    guard let asked = bench.resolving.last else { return }
    bench.agent.resolutionFailed(asked.id, at: bench.now)
    bench.drain()
  }

  private func icmp(_ bench: Bench, _ to: SocketAddress?) {
    guard let to else { return }
    bench.agent.datagramRefused(on: Bench.udp, to: to, at: bench.now)
    bench.drain()
  }

  private func failure(_ bench: Bench) -> ReasonWord? {
    for (_, event) in bench.events { if case .failed(let failure) = event { return failure.word } }
    return nil
  }

  private func at(_ address: SocketAddress, _ port: UInt16) -> SocketAddress {
    var address = address
    address.port = port
    return address
  }

  // MARK: - What is asked

  /// T-2: numeric host or explicit port → address lookup only.
  @Test func onlyANameWithoutAPortIsAskedForServices() {
    for (target, services, names) in [
      ("sip:bob@10.0.0.2", [], []), ("sip:bob@10.0.0.2:5070", [], []),
      ("sip:bob@a.example:5060", [], ["a.example"]),
      ("sip:bob@a.example:5070;transport=tcp", [], ["a.example"]),
      ("sip:bob@a.example", ["_sip._udp.a.example"], []),
      ("sip:bob@a.example;transport=UDP", ["_sip._udp.a.example"], []),
      ("sip:bob@a.example;transport=tcp", ["_sip._tcp.a.example"], []),
      ("sip:bob@a.example;maddr=b.example", ["_sip._udp.b.example"], []),
      ("sip:bob@localhost", [], ["localhost"]),
    ] {
      let bench = Bench()
      _ = bench.call(to: target)
      #expect(bench.asking.map(\.name) == services, "\(target)")
      #expect(bench.resolving.map(\.host) == names, "\(target)")
    }
  }

  /// T-4: the proxy is what is located.
  @Test func theOutboundProxyIsLocatedInsteadOfTheTarget() {
    let bench = Bench { $0.outboundProxy = "sip:proxy.example;lr" }
    _ = bench.call(to: "sip:bob@a.example")
    #expect(bench.asking.map(\.name) == ["_sip._udp.proxy.example"])
    give(bench, service("one.example", port: 5099))
    give(bench, first)
    #expect(bench.sent[0].to == at(first, 5099))
    #expect(bench.sent[0].header("Route") == "<sip:proxy.example;lr>")
  }

  @Test func withoutSRVTheHostItselfIsTriedAtPort5060() {
    for answersNothing in [true, false] {
      let bench = Bench()
      _ = bench.call(to: "sip:bob@a.example")
      if answersNothing {
        bench.agent.servicesFound(bench.asking[0].id, [], at: bench.now)
        bench.drain()
      } else {
        refuseQuestion(bench)
      }
      #expect(bench.resolving.map(\.host) == ["a.example"])
      give(bench, first)
      #expect(bench.sent.map(\.to) == [at(first, 5060)])
    }
  }

  // MARK: - Priorities and weights

  /// RFC 2782: the lowest priority first; each target is looked up when its turn comes.
  @Test func targetsAreTriedByPriorityAtTheirOwnPorts() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@a.example", headers: [HeaderLine("X-A", Array("b".utf8))])
    give(
      bench, service("late.example", priority: 20, port: 5082),
      service("early.example", priority: 10, port: 5081))
    #expect(bench.resolving.map(\.host) == ["early.example"])
    give(bench, first)
    #expect(bench.sent[0].to == at(first, 5081))
    icmp(bench, bench.sent[0].to)
    #expect(bench.resolving.map(\.host) == ["early.example", "late.example"])
    give(bench, second)
    #expect(bench.sent[1].to == at(second, 5082))
    #expect(bench.sent[1].header("Via") != bench.sent[0].header("Via"))
    #expect(bench.sent[1].header("Call-ID") == bench.sent[0].header("Call-ID"))
    #expect(bench.sent[1].header("X-A") == "b")
    bench.receive(bench.answer(bench.sent[1], 200))
    #expect(bench.eventNames == ["answered"])
  }

  /// RFC 2782, "Weight": 3 to 1, within the noise of 4000 throws.
  @Test func weightsLoadTheDice() {
    var random = RandomSource(seed: 7)
    var chosen: [String: Int] = [:]
    for _ in 0..<4_000 {
      let order = ServiceTarget.ordered(
        [
          service("a", weight: 60), service("b", weight: 20), service("never", priority: 11),
          service("zero", weight: 0),
        ], random: &random)
      #expect(order.count == 4 && order[3].name == Array("never".utf8))
      chosen[String(decoding: order[0].name, as: UTF8.self), default: 0] += 1
    }
    #expect((2_850...3_110).contains(chosen["a"] ?? 0), "\(chosen)")
    #expect((880...1_100).contains(chosen["b"] ?? 0), "\(chosen)")
    // One throw in 81 falls on nought: the small chance RFC 2782 wants it to have.
    #expect((20...90).contains(chosen["zero"] ?? 0), "\(chosen)")
  }

  /// Replays and simulations get the same order from the same entropy.
  @Test func theSameSeedGivesTheSameOrder() {
    let records = (0..<10).map { service("t\($0).example", weight: UInt16($0)) }
    var one = RandomSource(seed: 3)
    var other = RandomSource(seed: 3)
    for _ in 0..<50 {
      let order = ServiceTarget.ordered(records, random: &one)
      #expect(order == ServiceTarget.ordered(records, random: &other))
      #expect(Set(order.map(\.name)) == Set(records.map(\.target)))
    }
  }

  // MARK: - Failover

  /// RFC 3263 §4.3: 503, no response at all, a refused connection.
  @Test func theNextTargetIsTakenAfter503AndAfterTimerB() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@a.example")
    give(
      bench, service("one", priority: 1), service("two", priority: 2), service("three", priority: 3)
    )
    give(bench, first)
    bench.receive(bench.answer(bench.sent[0], 503))
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK"])
    give(bench, second)
    bench.advance(.seconds(33))
    #expect(bench.resolving.map(\.host) == ["one", "two", "three"])
    give(bench, SocketAddress(ipv4: 0x0A00_0004, port: 0))
    bench.receive(bench.answer(bench.sent[bench.sent.count - 1], 503))
    #expect(bench.eventNames == ["rejected", "ended"])
    bench.expectQuiet()
  }

  @Test func aRefusedConnectionLeadsToTheNextTarget() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@a.example;transport=tcp")
    give(bench, service("one", priority: 1), service("two", priority: 2, port: 5081))
    give(bench, first)
    bench.agent.streamFailed(bench.opened[0].id, at: bench.now)
    bench.drain()
    give(bench, second)
    #expect(bench.opened.map(\.to) == [at(first, 5080), at(second, 5081)])
    bench.agent.streamFailed(bench.opened[1].id, at: bench.now)
    bench.drain()
    #expect(failure(bench) == .unreachable)  // T-6: at once
    bench.expectQuiet()
  }

  /// Who rings is not left for another; 100 is no ringing (L-12).
  @Test func noOtherTargetAfterAProvisionalResponse() {
    for (code, goesOn) in [(100, true), (180, false), (183, false), (181, false)] {
      let bench = Bench()
      _ = bench.call(to: "sip:bob@a.example")
      give(bench, service("one", priority: 1), service("two", priority: 2))
      give(bench, first)
      bench.receive(bench.answer(bench.sent[0], code))
      bench.receive(bench.answer(bench.sent[0], 503))
      #expect((bench.resolving.count == 2) == goesOn, "\(code)")
      #expect(bench.eventNames.contains("rejected") != goesOn, "\(code)")
    }
  }

  /// A target without an address is passed over; the leg fails only when none is left (T-6).
  @Test func aTargetWithoutAddressIsPassedOver() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@a.example")
    give(bench, service("one", priority: 1), service("two", priority: 2))
    refuseName(bench)
    #expect(bench.resolving.map(\.host) == ["one", "two"] && failure(bench) == nil)
    refuseName(bench)
    #expect(failure(bench) == .unresolved)
    bench.expectQuiet()
  }

  /// RFC 2782: a single "." is a decided no.
  @Test func aServiceThatIsDeniedFailsAtOnce() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@a.example")
    give(bench, service("", port: 0))
    #expect(bench.resolving.isEmpty && failure(bench) == .unresolved)
    bench.expectQuiet()
  }

  /// F-7: no new branch is tried for a call that was given up, and nobody is asked about one.
  @Test func aCallGivenUpAsksAboutNoOtherTarget() {
    let bench = Bench()
    let id = bench.call(to: "sip:bob@a.example")
    give(bench, service("one", priority: 1), service("two", priority: 2))
    give(bench, first)
    bench.end(id)
    icmp(bench, bench.sent[0].to)
    #expect(bench.resolving.count == 1)
    let asking = Bench()
    let other = asking.call(to: "sip:bob@a.example")
    asking.end(other)
    give(asking, service("one"))
    #expect(asking.resolving.isEmpty && asking.sent.isEmpty)
    bench.expectQuiet()
    asking.expectQuiet()
  }

  /// the same server gets the INVITE with the credentials, and its rivals are still there.
  @Test func aChallengeKeepsTheServerAndTheOthersInReserve() {
    let bench = Bench()
    let credentials = Credentials(username: "u", password: "p")
    _ = bench.call(to: "sip:bob@a.example", credentials: credentials)
    give(bench, service("one", priority: 1), service("two", priority: 2))
    give(bench, first)
    bench.receive(
      bench.answer(
        bench.sent[0], 401,
        extra: ["WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\""]))
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK", "INVITE"])
    #expect(bench.sent[2].to == bench.sent[0].to && bench.resolving.count == 1)
    bench.receive(bench.answer(bench.sent[2], 503))
    #expect(bench.resolving.map(\.host) == ["one", "two"])
  }

  // MARK: - Bounds

  /// T-2: 10 tries, whatever the records say, and 16 records of an answer.
  @Test func aHostileAnswerIsBounded() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@a.example")
    let asked = bench.asking[0].id
    let many = (0..<1_000).map { service("t\($0).example", priority: UInt16($0)) }
    bench.agent.servicesFound(asked, many, at: bench.now)
    bench.drain()
    for round in 0..<100 where failure(bench) == nil {
      let base = 0x0B00_0000 + UInt32(round) * 256
      let addresses = (0..<3).map { SocketAddress(ipv4: base + UInt32($0), port: 0) }
      bench.agent.resolved(bench.resolving[bench.resolving.count - 1].id, addresses, at: bench.now)
      bench.drain()
      for _ in 0..<3 { icmp(bench, bench.sent.last?.to) }
    }
    #expect(bench.sent.count == 10 && bench.resolving.count == 4)
    #expect(failure(bench) == .unreachable)
    bench.expectQuiet()
  }

  /// The same address under several names is tried once, and then the leg fails.
  @Test func theSamePlaceIsTriedOnce() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@a.example")
    give(bench, service("one", priority: 1), service("two", priority: 2))
    give(bench, first)
    icmp(bench, bench.sent[0].to)
    give(bench, first)
    #expect(bench.sent.count == 1 && failure(bench) == .unreachable)
    bench.expectQuiet()
  }

  /// T-6: one limit for all the lookups, not one for each.
  @Test func lookupsTogetherHaveTenSeconds() {
    let bench = Bench { $0.naptr = true }
    let start = bench.now
    _ = bench.call(to: "sip:bob@a.example")
    bench.advance(.seconds(4))
    refuseQuestion(bench)
    bench.advance(.seconds(4))
    refuseQuestion(bench)
    #expect(bench.resolving.count == 1 && failure(bench) == nil)
    bench.advance(.milliseconds(1_999))
    #expect(failure(bench) == nil)
    bench.advance(.milliseconds(1))
    #expect(failure(bench) == .unresolved && bench.now == start + .seconds(10))
    give(bench, first)  // too late
    #expect(bench.sent.isEmpty)
    bench.expectQuiet()
  }

  // MARK: - NAPTR

  /// T-2, RFC 3263 §4.1: only where nothing is said about the transport, and only with the setting.
  @Test func naptrIsAskedOnlyWhereTheTransportIsOpen() {
    let bench = Bench { $0.naptr = true }
    for target in ["sip:b@a.example", "sip:b@b.example;transport=udp", "sip:b@c.example:5060"] {
      _ = bench.call(to: target)
    }
    #expect(bench.asking.map(\.name) == ["a.example", "_sip._udp.b.example"])
  }

  @Test func naptrChoosesTheTransport() {
    let bench = Bench { $0.naptr = true }
    _ = bench.call(to: "sip:bob@a.example")
    give(
      bench, pointer("SIPS+D2T", "_sips._tcp.a.example", order: 30),
      pointer("SIP+D2U", "_sip._udp.x.example", order: 20),
      pointer("SIP+D2T", "wrong.example", order: 2, flags: "u"),
      pointer("sip+d2t", "_sip._tcp.x.example", order: 10, preference: 5),
      pointer("SIP+D2U", "_sip._udp.y.example", order: 10, preference: 6))
    #expect(bench.asking.map(\.name) == ["a.example", "_sip._tcp.x.example"])
    give(bench, service("one", port: 5090))
    give(bench, first)
    #expect(bench.opened.map(\.to) == [at(first, 5090)])
  }

  /// UDP is the default (T-1), and what cannot be sent from here is not chosen.
  @Test func withoutUsefulNAPTRTheDefaultStands() {
    let bench = Bench { $0.naptr = true }
    _ = bench.call(to: "sip:bob@a.example")
    give(bench, pointer("SIPS+D2S", "_sips._sctp.a.example"), pointer("SIP+D2U", ""))
    #expect(bench.asking.last?.name == "_sip._udp.a.example")
    let streams = Bench(listeners: [.tcp]) { $0.naptr = true }
    _ = streams.call(to: "sip:bob@a.example")
    give(
      streams, pointer("SIP+D2U", "_sip._udp.a.example", order: 1),
      pointer("SIP+D2T", "_sip._tcp.a.example", order: 2))
    #expect(streams.asking.last?.name == "_sip._tcp.a.example")
  }
}
