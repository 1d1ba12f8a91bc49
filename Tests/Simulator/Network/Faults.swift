import RCMLBasics

/// Which faults a run has, and how strong: drawn first of all, so that some runs are clean, some have one fault
/// and some have all (failures §3.1, swarm).
package struct Faults: Sendable {
  /// Per cent.
  package var drop = 0
  package var duplicate = 0
  /// Per cent of packets that come late, and how late at most, in milliseconds.
  package var late = 0
  package var latest = 0
  /// Milliseconds on the way.
  package var delay = 1...20
  /// One-way silence towards or from one address: begin and length in milliseconds.
  package var cut: (begin: Int, length: Int, phone: Int, isTowardsPhone: Bool)?
  /// Per cent of stream writes that are cut into pieces, that wait, and after which the stream is reset.
  package var pieces = 0
  package var stall = 0
  package var reset = 0
  package var refuse = 0
  /// Web: per cent of answers replaced by a fault.
  package var web = 0
  /// Name server: per cent of answers that come seconds too late; above zero some are nonsense, too.
  package var dns = 0
  /// From here on nothing is lost any more, in milliseconds from the start.
  package var calmAfter = 60_000

  package init() {}

  package init(from dice: inout Dice) {
    delay = dice.one(of: [1...1, 1...20, 1...80, 20...200])
    calmAfter = dice.within(5_000...90_000)
    var names = dice.split(700)
    // A third of the worlds is clean: what fails there needs no bad luck.
    if dice.chance(33) { return }
    if names.chance(30) { dns = names.one(of: [5, 30]) }
    if dice.chance(40) { drop = dice.one(of: [1, 5, 15, 40]) }
    if dice.chance(30) { duplicate = dice.one(of: [1, 5, 20]) }
    if dice.chance(30) {
      late = dice.one(of: [2, 10, 30])
      latest = dice.one(of: [300, 1_000, 5_000])
    }
    if dice.chance(15) {
      cut = (
        dice.within(0...20_000), dice.within(500...40_000), dice.below(9), dice.chance(50)
      )
    }
    if dice.chance(50) { pieces = dice.one(of: [10, 50, 100]) }
    if dice.chance(15) { stall = dice.one(of: [2, 10]) }
    if dice.chance(15) { reset = dice.one(of: [1, 5]) }
    if dice.chance(15) { refuse = dice.one(of: [5, 30]) }
    if dice.chance(30) { web = dice.one(of: [5, 30]) }
  }

  package var breaksStreams: Bool { stall > 0 || reset > 0 || refuse > 0 }
}
