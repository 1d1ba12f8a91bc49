import RCMLBasics
import RCMLRehearsal

/// What becomes of a datagram between agents that call each other.
struct RingNetwork {
  /// Of a hundred.
  var lost = 0
  var doubled = 0
  /// Milliseconds.
  var delay = 1...1
  private var dice = Dice(0)

  init() {}

  /// A third of the worlds has a bad one.
  init(from dice: inout Dice) {
    self.dice = Dice(dice.next())
    guard dice.chance(33) else { return }
    lost = dice.one(of: [0, 5, 20])
    doubled = dice.one(of: [0, 0, 20])
    delay = 1...dice.one(of: [1, 20, 300])
  }

  var isGood: Bool { lost == 0 && delay.upperBound == 1 }

  /// When each copy of it arrives.
  mutating func delays() -> [Interval] {
    if isGood, doubled == 0 { return [.milliseconds(1)] }
    guard !dice.chance(lost) else { return [] }
    let copies = dice.chance(doubled) ? 2 : 1
    return (0..<copies).map { _ in .milliseconds(dice.within(delay)) }
  }
}
