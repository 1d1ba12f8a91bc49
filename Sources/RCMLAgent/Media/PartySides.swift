import RCMLBasics
import RCMLDial

/// What media keeps of each party of a call, and who talks to whom.
struct PartySides<Side> {
  var caller: Side
  var legs: [LegNumber: Side] = [:]
  /// The leg the caller talks to.
  var bridgedLeg: LegNumber?

  init(caller: Side) { self.caller = caller }

  subscript(party: Party) -> Side? {
    switch party {
    case .caller: caller
    case .leg(let number): legs[number]
    }
  }

  /// Does nothing to a leg that is not there.
  mutating func change(_ party: Party, _ body: (inout Side) -> Void) {
    switch party {
    case .caller:
      body(&caller)
    case .leg(let number):
      if var side = legs[number] {
        body(&side)
        legs[number] = side
      }
    }
  }

  /// Whom this party talks to; nil = nobody.
  func partner(of party: Party) -> Party? {
    guard let leg = bridgedLeg else { return nil }
    switch party {
    case .caller: return .leg(leg)
    case .leg(let number): return number == leg ? .caller : nil
    }
  }
}
