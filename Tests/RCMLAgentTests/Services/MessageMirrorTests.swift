import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// SIP messages for whoever watches the network (setting `hep`).
struct MessageMirrorTests {
  private func call(_ settings: [(String, String)]) -> (
    world: AgentWorld, sid: CallSid?, mirrored: [MirroredMessage]
  ) {
    let world = AgentWorld(settings: settings + [("media", "direct")])
    world.document(
      "<Response><Dial><Sip username=\"bob\" password=\"s3cr3t\">sip:a@127.0.0.1:5081</Sip></Dial></Response>"
    )
    let callee = world.phone(
      5081, .answers(), settings: [("require_auth", "bob:s3cr3t")])
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    let sid = world.agent.sid(of: CallNumber(1))
    callee.hangUp()
    world.runToTheEnd()
    var mirrored: [MirroredMessage] = []
    while let message = world.agent.nextMirrored() { mirrored.append(message) }
    return (world, sid, mirrored)
  }

  @Test func everyMessageOfACallIsMirroredOnceUnderItsSidWithCredentialsMasked() throws {
    let (world, sid, mirrored) = call([("hep", "udp:127.0.0.1:9060")])
    let counters = world.agent.counters.sip
    #expect(
      mirrored.count == Int(counters.messagesReceived) + Int(counters.messagesSent))
    #expect(Int(counters.messagesSent) == mirrored.filter(\.isSent).count)
    // The caller's dialog and the leg's: one call to whoever watches.
    #expect(Set(mirrored.map(\.correlation)) == [try #require(sid).octets])
    let peers = Set(mirrored.map(\.peer))
    #expect(peers == [AgentWorld.place(5070), AgentWorld.place(5081)])
    #expect(mirrored.allSatisfy { $0.local == world.address && $0.transport == .udp })
    let texts = mirrored.map { String(decoding: $0.bytes, as: UTF8.self) }
    #expect(texts.contains { $0.hasPrefix("INVITE ") } && texts.contains { $0.hasPrefix("BYE ") })
    #expect(texts.contains { $0.contains("\r\nAuthorization: ***") })
    #expect(!texts.contains { $0.contains("response=") })
    // The host did not ask to be told.
    #expect(!world.events.contains { if case .message = $0 { true } else { false } })
  }

  @Test func withoutTheSettingThereIsNothingToMirror() {
    #expect(call([]).mirrored.isEmpty)
    #expect(call([("transport_log", "true")]).mirrored.isEmpty)
  }

  @Test func whatBelongsToNoCallHasItsCallID() throws {
    let world = AgentWorld(settings: [("hep", "udp:127.0.0.1:9060")])
    let options =
      "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5099;branch=z9hG4bKa\r\n"
      + "Max-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: stranger@5099\r\n"
      + "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    Array(options.utf8).withUnsafeBytes { bytes in
      world.agent.handle(
        .network(
          .datagram(
            ListenerID(1), from: AgentWorld.place(5099), local: world.address, bytes: bytes)),
        at: world.now)
    }
    while world.agent.nextOutput() != nil {}
    let first = try #require(world.agent.nextMirrored())
    #expect(!first.isSent && first.correlation == Array("stranger@5099".utf8))
    let second = try #require(world.agent.nextMirrored())
    #expect(second.isSent && second.correlation == first.correlation)
    #expect(world.agent.nextMirrored() == nil)
    #expect(world.command(.reset(name: "hep")) == .success(.done))
    #expect(world.agent.mirrorTarget == nil)
  }

  @Test func theTargetIsWhatTheSettingsSay() throws {
    let world = AgentWorld(settings: [
      ("hep", "udp:[::1]:9063"), ("hep_id", "2001"), ("hep_password", "k3y"),
    ])
    let target = try #require(world.agent.mirrorTarget)
    #expect(target.address == SocketAddress(ipv6High: 0, low: 1, port: 9063))
    #expect(target.number == 2_001 && target.key.exposed == Array("k3y".utf8))
  }
}
