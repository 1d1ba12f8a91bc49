import Foundation
import RCMLBasics
import RCMLSIP
import Testing

/// Two user agents over a network that loses, doubles and reorders (failures T1–T6, invariants I-S3…I-S7). A
/// failure names its seed.
@Suite struct LossyNetworkTests {
  private let sdp = Array("v=0\r\n".utf8)

  private func call(_ network: LossyNetwork, headers: [HeaderLine] = []) -> SessionID {
    let caller = network.stations[0]
    return caller.agent.invite(
      OutgoingInvite(
        target: Array("sip:bob@10.0.0.2".utf8), from: Array("<sip:alice@10.0.0.1>".utf8),
        to: Array("<sip:bob@10.0.0.2>".utf8), callID: caller.agent.makeCallID(), headers: headers,
        body: sdp),
      at: network.now)
  }

  /// Nothing is left, each session told its end once and last, and repetitions were octet for octet the same.
  private func check(_ network: LossyNetwork, _ seed: UInt64) {
    for station in network.stations {
      #expect(station.agent.census == UserAgent.Census(), "seed \(seed)")
      #expect(station.agent.nextDeadline == nil, "seed \(seed)")
      for id in Set(station.events.map(\.id)) {
        let names = station.names(of: id)
        #expect(names.filter { $0 == "ended" }.count == 1, "seed \(seed): \(names)")
        #expect(names.last == "ended", "seed \(seed): \(names)")
        #expect(names.filter { $0 == "answered" }.count <= 1, "seed \(seed): \(names)")
      }
      var byBranch: [String: [UInt8]] = [:]
      for (_, bytes) in station.sent {
        let sent = Bench.Sent(at: network.now, to: nil, connection: nil, bytes: bytes)
        guard sent.code == 0 else { continue }
        let key = sent.method + " " + sent.header("Via")
        #expect(byBranch[key] == nil || byBranch[key] == bytes, "seed \(seed): \(key)")
        byBranch[key] = bytes
      }
    }
  }

  /// Both sides do what they like at random times: answer, reject, re-INVITE, hang up.
  @Test func whateverBothSidesDoEverythingEndsAndNothingIsLeft() {
    for seed in 1...1_500 as ClosedRange<UInt64> {
      let network = LossyNetwork(seed: seed)
      network.loss = Int(seed % 4) * 12
      network.doubling = Int(seed % 3) * 15
      let caller = network.stations[0]
      let callee = network.stations[1]
      let id = call(network)
      let answerAt = network.roll(3_000)
      let rejects = network.roll(8) == 0
      network.plan(after: answerAt / 2) { [sdp] in
        for session in callee.incoming where !rejects {
          callee.agent.ring(session, code: 180, body: sdp, at: network.now)
        }
      }
      // The INVITE may arrive late: the callee looks again.
      for extra in [0, 3_000, 40_000] {
        network.plan(after: answerAt + extra) { [sdp] in
          for session in callee.incoming {
            if rejects {
              callee.agent.reject(session, code: 486, phrase: [], headers: [], at: network.now)
            } else {
              callee.agent.accept(session, body: sdp, headers: [], at: network.now)
            }
          }
        }
      }
      for _ in 0..<network.roll(3) {
        let side = network.roll(2)
        network.plan(after: network.roll(6_000)) { [sdp] in
          let station = network.stations[side]
          for session in side == 0 ? [id] : station.incoming {
            station.agent.offer(session, body: sdp, at: network.now)
          }
        }
      }
      for after in stride(from: 500, through: 12_000, by: 500) {
        network.plan(after: after) { [sdp] in
          for (side, station) in network.stations.enumerated() {
            for session in side == 0 ? [id] : station.incoming {
              station.agent.answerOffer(session, body: sdp, at: network.now)
            }
          }
        }
      }
      network.plan(after: network.roll(8_000)) {
        caller.agent.end(id, reasons: [], at: network.now)
      }
      network.plan(after: network.roll(20_000)) {
        for session in callee.incoming { callee.agent.end(session, reasons: [], at: network.now) }
      }
      // Whoever is still up is hung up in the end, as a host would.
      network.plan(after: 90_000) {
        caller.agent.end(id, reasons: [], at: network.now)
        for session in callee.incoming { callee.agent.end(session, reasons: [], at: network.now) }
      }
      network.run()
      check(network, seed)
    }
  }

  /// I-S3: a caller that gave up has no answered call, whatever overtook what.
  @Test func anAnswerNeverReachesACallerThatGaveUp() {
    for seed in 1...500 as ClosedRange<UInt64> {
      let network = LossyNetwork(seed: seed)
      network.loss = Int(seed % 5) * 10
      let id = call(network)
      let callee = network.stations[1]
      var endedAt: Instant?
      network.plan(after: network.roll(400)) {
        endedAt = network.now
        network.stations[0].agent.end(id, reasons: [], at: network.now)
      }
      network.plan(after: 100 + network.roll(400)) { [sdp] in
        for session in callee.incoming {
          callee.agent.accept(session, body: sdp, headers: [], at: network.now)
        }
      }
      network.plan(after: 80_000) {
        for session in callee.incoming { callee.agent.end(session, reasons: [], at: network.now) }
      }
      network.run()
      for (at, _, event) in network.stations[0].events where Bench.name(event) == "answered" {
        #expect(endedAt.map { at <= $0 } ?? false, "seed \(seed)")
      }
      check(network, seed)
    }
  }

  /// U-21, RFC 3262: whatever is lost, a caller who wants reliable provisional responses hears them in their order, each
  /// once, and is answered; the 200 never comes before the PRACK of the 183 that held the answer.
  @Test func reliableRingingArrivesInOrderAndTheCallIsAnswered() {
    let required = HeaderLine(name: Array("Require".utf8), value: Array("100rel".utf8))
    for seed in 1...500 as ClosedRange<UInt64> {
      let network = LossyNetwork(seed: seed)
      network.loss = Int(seed % 4) * 10
      network.doubling = Int(seed % 3) * 15
      let id = call(network, headers: seed % 2 == 0 ? [required] : [])
      let callee = network.stations[1]
      func plan(_ after: Int, _ act: @escaping (SessionID) -> Void) {
        network.plan(after: after) { callee.incoming.forEach(act) }
      }
      // The INVITE arrives within half a minute, or not at all.
      plan(30_000) { callee.agent.ring($0, code: 180, body: [], at: network.now) }
      plan(30_500) { [sdp] in callee.agent.ring($0, code: 183, body: sdp, at: network.now) }
      plan(30_500 + network.roll(3_000)) { [sdp] in
        callee.agent.accept($0, body: sdp, headers: [], at: network.now)
      }
      network.plan(after: 120_000) {
        network.stations[0].agent.end(id, reasons: [], at: network.now)
      }
      network.plan(after: 200_000) {
        for session in callee.incoming { callee.agent.end(session, reasons: [], at: network.now) }
      }
      network.run()
      let told = callee.sent.map { Bench.Sent(at: $0.at, bytes: $0.bytes) }
      let ringing = told.filter { !$0.header("RSeq").isEmpty }
      if let answer = told.first(where: { $0.short == "200 INVITE" }),
        ringing.contains(where: { $0.code == 183 })
      {
        let acknowledged = told.filter { $0.short == "200 PRACK" && $0.at <= answer.at }
        #expect(
          Set(acknowledged.map { $0.header("CSeq") }).count
            == Set(ringing.map { $0.header("RSeq") }).count, "seed \(seed)")
        #expect(ringing.allSatisfy { $0.at <= answer.at }, "seed \(seed)")
      }
      let codes = network.stations[0].events.compactMap { event -> UInt16? in
        if case .provisional(let code, _) = event.event, code > 100 { code } else { nil }
      }
      if seed % 2 == 0 {
        #expect([[], [180], [180, 183]].contains(codes), "seed \(seed): \(codes)")
      }
      let names = network.stations[0].names(of: id)
      #expect(names.contains("answered") || network.loss > 0, "seed \(seed): \(names)")
      check(network, seed)
    }
  }

  /// I-S7, replay: the same seed gives the same octets.
  @Test func theSameSeedGivesTheSameOctets() {
    func octets() -> [[UInt8]] {
      let network = LossyNetwork(seed: 77)
      network.loss = 30
      let id = call(network)
      network.plan(after: 700) { network.stations[0].agent.end(id, reasons: [], at: network.now) }
      network.run()
      return network.stations.flatMap { $0.sent.map(\.bytes) }
    }
    #expect(octets() == octets())
  }
}
