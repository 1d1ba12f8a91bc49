import RCMLBasics

/// Parties on lines of the host's own in a world: who calls, and what those do who are called.
package struct HostPartyScenario: Sendable {
  package struct Caller: Sendable {
    package var media: HostMedia
    /// Milliseconds.
    package var startsAt: Int
    package var hangsUpAfter: Int
    /// It brings an offer; speaks in SDP only.
    package var hasOffer = true
    /// Milliseconds after its answer; nil = never.
    package var offersAfter: Int?
  }

  package var callers: [Caller] = []
  /// Percent of the questions about targets that are answered with a party of the host's.
  package var targets = 0
  /// Milliseconds after the answer of one that is dialled and speaks in SDP; nil = never.
  package var legsOfferAfter: Int?

  /// Nil: there are none in this world.
  static func draw(_ dice: inout Dice) -> HostPartyScenario? {
    guard dice.chance(20) else { return nil }
    var scenario = HostPartyScenario()
    for _ in 0..<dice.one(of: [0, 1, 1, 2]) {
      var caller = Caller(
        media: dice.one(of: [.linear16, .pcmu, .pcma, .sdp, .sdp]),
        startsAt: dice.within(0...5_000), hangsUpAfter: dice.one(of: [0, 5, 300, 4_000, 20_000]))
      caller.hangsUpAfter += dice.within(0...2_000)
      caller.hasOffer = dice.chance(80)
      if dice.chance(30) { caller.offersAfter = dice.within(0...2_000) }
      scenario.callers.append(caller)
    }
    scenario.targets = dice.one(of: [0, 30, 60])
    return scenario
  }
}
