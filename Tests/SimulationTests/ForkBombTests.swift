import RCMLBasics
import RCMLSIP
import Testing

@testable import Simulator

/// One INVITE among servers whose documents dial each other and themselves (spec Y-6, RFC 5393).
@Suite struct ForkBombTests {
  static let limit = 60

  /// What one INVITE may lead to, whatever the documents say: no more legs at once than Max-Breadth, an end by itself or
  /// by CANCEL, and nothing left behind.
  func expectQuiet(_ ring: AgentRing, _ what: String, since: Instant) {
    ring.run(.seconds(120))
    #expect(ring.mostLegs <= ForkBombTests.limit, "\(what): \(ring.mostLegs) legs at once")
    #expect(ring.isQuiet, "\(what): \(ring.agents.map(\.census))")
    #expect(ring.lastSent <= since + .seconds(33), "\(what): still sending")
  }

  static let documents: [(name: String, documents: [String])] = [
    ("one user", [AgentRing.dial("a@0")]),
    ("two users", [AgentRing.dial("a@0", "b@0")]),
    ("ten users", [AgentRing.dial((0..<10).map { "u\($0)@0" })]),
    ("one after the other", [AgentRing.dial("a@0", "b@0", attributes: #"sequential="true""#)]),
    (
      "two servers",
      [AgentRing.dial("a@1", "b@1"), AgentRing.dial("a@0", "b@0")]
    ),
    (
      "two servers, ten targets each",
      [
        AgentRing.dial((0..<10).map { "u\($0)@1" }), AgentRing.dial((0..<10).map { "u\($0)@0" }),
      ]
    ),
    (
      "three in a ring",
      [AgentRing.dial("a@1", "b@1"), AgentRing.dial("a@2", "b@2"), AgentRing.dial("a@0", "b@0")]
    ),
    (
      "screened",
      [AgentRing.dial(["a@0", "b@0", "p@20"], of: #"url="http://w/s""#)]
    ),
    (
      "again and again",
      [
        "<Response>"
          + String(
            repeating:
              #"<Dial timeout="1"><Sip>sip:a@127.0.0.1:5060</Sip><Sip>sip:b@127.0.0.1:5060</Sip></Dial>"#,
            count: 5) + "</Response>"
      ]
    ),
  ]

  @Test(arguments: documents)
  func oneInviteIsNoForkBombAndEndsByItself(name: String, documents: [String]) {
    // [Y-6]
    let ring = AgentRing(documents: documents)
    ring.callFirst()
    ring.run(.seconds(60))
    ring.cancel()
    expectQuiet(ring, name, since: ring.now)
    #expect(ring.invites.count <= 200, "\(name): \(ring.invites.count) INVITEs")
  }

  @Test(arguments: documents)
  func aCancelledForkBombIsQuietAfter64T1(name: String, documents: [String]) {
    for moment in [0, 1, 2, 3, 5, 8, 13, 50, 200, 1_000, 5_000] {
      let ring = AgentRing(documents: documents)
      ring.callFirst()
      ring.run(.milliseconds(moment))
      ring.cancel()
      expectQuiet(ring, "\(name), CANCEL after \(moment) ms", since: ring.now)
    }
  }

  @Test func aSelfDialIsALoopTheSecondTimeItComesBack() {
    let ring = AgentRing(documents: [AgentRing.dial("a@0")])
    ring.callFirst()
    ring.run(.seconds(5))
    // The first leg comes back as a call of its own; what that one dials is refused.
    #expect(ring.invites.count == 2)
    #expect(ring.legCodes == [482, 482])
    #expect(ring.callerCode == 482)
  }

  @Test func aCallMayComeBackAsOftenAsTheSettingSays() {
    for returns in [0, 1, 5] {
      let ring = AgentRing(
        documents: [AgentRing.dial("a@0")], settings: [("max_returns", "\(returns)")])
      ring.callFirst()
      ring.run(.seconds(5))
      #expect(ring.invites.count == returns + 1)
      #expect(ring.callerCode == 482)
    }
  }

  @Test func aLegOfOursThatDialsAPhoneIsNoLoop() {
    let document = #"<Response><Dial><Sip>sip:a@127.0.0.1:5061</Sip></Dial></Response>"#
    let ring = AgentRing(documents: [document, AgentRing.dial("p@20")])
    ring.callFirst()
    ring.run(.seconds(5))
    #expect(ring.callerCode == 200)
  }

  @Test func theMarksOfOtherServersAreHandedOn() {
    // Two servers name each other: each knows its own mark when it comes back, and leaves the other's alone.
    let ring = AgentRing(documents: [AgentRing.dial("a@1"), AgentRing.dial("a@0")])
    ring.callFirst()
    ring.run(.seconds(5))
    let marks = ring.invites.map { invite in
      invite.split(separator: "\r\n").first { $0.hasPrefix("RCML-Trail: ") }
        .map { $0.split(separator: ",").count } ?? 0
    }
    #expect(marks == [1, 2, 2, 2])
    #expect(ring.callerCode == 482)
  }

  @Test func whoTakesTheMarkOutIsStoppedByMaxBreadth() {
    // A proxy that drops headers it does not know leaves Max-Forwards and Max-Breadth, which bound depth and breadth.
    let ring = AgentRing(documents: [AgentRing.dial("a@0", "b@0")])
    ring.proxy = { AgentRing.without("RCML-Trail", $0) }
    ring.callFirst(maxBreadth: 4)
    ring.run(.seconds(60))
    #expect(ring.callerCode != nil)
    #expect(ring.legCodes.contains(440))
    #expect(ring.mostLegs <= 4 * 70)
  }

  // Y-13: whichever of the two bounds it is.
  @Test func aLegWithoutBreadthIsCounted() {
    let ring = AgentRing(
      documents: [AgentRing.dial("a@0")], settings: [("max_breadth", "1"), ("max_returns", "5")])
    ring.callFirst()
    ring.run(.seconds(5))
    #expect(ring.legCodes.contains(440))
    #expect(ring.agents[0].counters.refusedByLimit[.breadth] == 1)
  }

  // MARK: seeded

  @Test func whateverDocumentsSayAndWheneverTheCallerCancelsItIsQuietAfter64T1() {
    // `Scripts/simulate --rings` runs thousands.
    for seed in 1...60 as ClosedRange<UInt64> {
      let scenario = RingScenario(seed: seed)
      if let violation = scenario.run() { Issue.record("\(violation.text)\n\(scenario.story)") }
    }
  }
}

extension AgentRing {
  /// A message without the lines of this name.
  static func without(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    lines.removeAll { $0.hasPrefix(name + ":") }
    return Array(lines.joined(separator: "\r\n").utf8)
  }
}
