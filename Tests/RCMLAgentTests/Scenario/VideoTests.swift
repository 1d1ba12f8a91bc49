import RCMLBasics
import RCMLMedia
import Simulator
import Testing

@testable import RCMLAgent

/// Video phones whose call comes by here, in virtual time.
struct VideoTests {
  private static func sdp(port: Int) -> [UInt8] {
    AgentWorld.sdp(port: port)
      + Array(
        """
        m=video \(port + 100) RTP/AVP 97\r
        a=rtpmap:97 H264/90000\r

        """.utf8)
  }

  static func world(
    _ document: String, settings: [(String, String)] = []
  ) -> (world: AgentWorld, caller: Phone, callee: Phone) {
    let world = AgentWorld(settings: settings, isJournalled: true)
    world.web = ScreenedSoundTests.web
    world.document("<Response>\(document)</Response>")
    let callee = world.phone(5081, .answers())
    callee.script.media = sdp(port: 6_000)
    let caller = world.phone(5070)
    caller.script.media = sdp(port: 4_000)
    caller.call(sdp(port: 4_000))
    return (world, caller, callee)
  }

  /// Our port for the video of a party, by what it was told last; 0 = refused.
  private func port(_ sdp: [UInt8]?) -> UInt16 {
    let lines = String(decoding: sdp ?? [], as: UTF8.self).split(whereSeparator: \.isNewline)
    let words = lines.first { $0.hasPrefix("m=video ") }?.split(separator: " ") ?? []
    return words.count > 1 ? UInt16(words[1]) ?? 0 : 0
  }

  private func packet(_ sequence: UInt16, source: UInt32) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: 12)
    octets += (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ Int(sequence)) }
    let header = RTPHeader(
      payloadType: 97, marker: sequence % 5 == 0, sequence: sequence,
      timestamp: UInt32(sequence / 5) * 3_000, source: source)
    octets.withUnsafeMutableBytes { _ = header.write(to: $0) }
    return octets
  }

  /// A hundred packets and a report each way, all of them as they were sent.
  private func expectExact(_ world: AgentWorld, caller: UInt16, callee: UInt16) {
    let ends = [
      (from: AgentWorld.place(4_100), port: caller, to: AgentWorld.place(6_100), out: callee),
      (from: AgentWorld.place(6_100), port: callee, to: AgentWorld.place(4_100), out: caller),
    ]
    for end in ends {
      for sequence in 1...100 as ClosedRange<UInt16> {
        let octets = packet(sequence, source: UInt32(end.port))
        let passed = world.media.receive(octets, from: end.from, port: end.port, at: world.now)
        #expect(passed?.octets == octets && passed?.to == end.to && passed?.port == end.out)
      }
      let report: [UInt8] = [0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2]
      var (from, to) = (end.from, end.to)
      from.port += 1
      to.port += 1
      let passed = world.media.receive(report, from: from, port: end.port + 1, at: world.now)
      #expect(passed?.octets == report && passed?.to == to && passed?.isControl == true)
      let stranger = AgentWorld.place(7_000)
      #expect(
        world.media.receive(
          packet(101, source: 9), from: stranger, port: end.port, at: world.now) == nil)
    }
  }

  private func end(_ world: AgentWorld, _ caller: Phone) throws {
    caller.hangUp()
    world.isSilent = true
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
    #expect(world.media.openCount == 0)
    let replay = try Replay.run(world.agent.takeJournal())
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
  }

  @Test(arguments: [
    [("media", "anchored")], [("recordings", "/r")],
  ]) func bothSeeEachOtherOctetForOctet(settings: [(String, String)]) throws {
    let (world, caller, callee) = Self.world(
      "<Dial record=\"record-from-answer\" hangupOnStar=\"true\"><Sip>sip:b@127.0.0.1:5081</Sip></Dial>",
      settings: settings)
    world.run(.seconds(2))
    let (here, there) = (port(caller.answerBody), port(callee.invites.first?.body))
    #expect(here != 0 && there != 0 && here != there)
    expectExact(world, caller: here, callee: there)
    // Hold: nothing for the caller, and what it sends passes.
    var held = Self.sdp(port: 4_000)
    held += Array("a=sendonly\r\n".utf8)
    caller.offer(held)
    world.run(.seconds(1))
    #expect(
      world.media.receive(
        packet(200, source: UInt32(there)), from: AgentWorld.place(6_100), port: there,
        at: world.now) == nil)
    #expect(
      world.media.receive(
        packet(200, source: UInt32(here)), from: AgentWorld.place(4_100), port: here,
        at: world.now) != nil)
    try end(world, caller)
  }

  @Test func aPartyThatIsScreenedIsSeenByNobody() throws {
    let (world, caller, callee) = Self.world(
      "<Dial><Sip url=\"http://w/screen\">sip:b@127.0.0.1:5081</Sip></Dial>")
    world.speaker(6_000)
    world.run(.seconds(1))
    let there = port(callee.invites.first?.body)
    world.point(0, by: callee.invites.first?.body)
    #expect(
      world.media.receive(
        packet(1, source: 9), from: AgentWorld.place(6_100), port: there, at: world.now) == nil)
    world.run(.seconds(1))
    world.speakers[0].pressKey(UInt8(ascii: "1"))
    world.run(.seconds(2))
    expectExact(world, caller: port(caller.answerBody), callee: there)
    try end(world, caller)
  }

  @Test func aCallerThatHeardAPromptIsAskedForItsVideoOnceSomebodyIsThere() throws {
    let (world, caller, callee) = Self.world(
      "<Play>http://w/prompt.wav</Play><Dial><Sip>sip:b@127.0.0.1:5081</Sip></Dial>")
    world.run(.seconds(1))
    #expect(caller.finalCode == 200 && port(caller.answerBody) == 0)
    world.run(.seconds(4))
    let there = port(callee.invites.first?.body)
    let here = port(caller.offers.last)
    #expect(here != 0 && there != 0)
    expectExact(world, caller: here, callee: there)
    try end(world, caller)
  }

  @Test func aPhoneWithoutVideoHasACallLikeAnyOther() throws {
    let (world, caller, callee) = Self.world(
      "<Dial><Sip>sip:b@127.0.0.1:5081</Sip></Dial>", settings: [("media", "anchored")])
    callee.script.media = AgentWorld.sdp(port: 6_000)
    world.run(.seconds(2))
    #expect(caller.finalCode == 200 && port(caller.answerBody) == 0)
    #expect(world.media.openCount == 4)
    #expect(world.findings.isEmpty)
    try end(world, caller)
  }

  /// A party of the host's that speaks in frames has sound alone.
  @Test func aPartyOfFramesIsOfferedNoVideo() throws {
    let world = AgentWorld(settings: [("ask_targets", "nouns")], isJournalled: true)
    world.document(HostPartyTests.noun)
    let caller = world.phone(5070)
    caller.call(Self.sdp(port: 4_000))
    world.run(.milliseconds(100))
    world.resolveTargets(to: "host:desk")
    world.hostSays(.answers(sdp: []), of: 0)
    world.run(.seconds(1))
    #expect(caller.finalCode == 200 && port(caller.answerBody) == 0)
    #expect(world.media.openCount == 2)
    try end(world, caller)
  }

  @Test func withoutAPortForVideoTheCallHasSound() throws {
    let (world, caller, callee) = Self.world(
      "<Dial><Sip>sip:b@127.0.0.1:5081</Sip></Dial>", settings: [("media", "anchored")])
    world.media.portLimit = 3
    world.run(.seconds(2))
    #expect(caller.finalCode == 200 && port(caller.answerBody) == 0)
    #expect(callee.invites.count == 1 && port(callee.invites.first?.body) == 0)
    #expect(world.findings.map(\.code) == [.mediaRefused])
    try end(world, caller)
  }
}
