/// A small, fast source of chance (SplitMix64), for rehearsals and the simulator; every actor has its own, split from
/// the seed, so that one actor more does not shift what the others draw.
public struct Dice: Sendable {
  private var state: UInt64

  public init(_ seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  /// A stream of its own, told apart by `label`.
  public func split(_ label: UInt64) -> Dice {
    var child = Dice(state ^ label &* 0xd134_2543_de82_ef95)
    _ = child.next()
    return Dice(child.next())
  }

  public mutating func below(_ limit: Int) -> Int {
    limit <= 1 ? 0 : Int(next() % UInt64(limit))
  }

  public mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  public mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  public mutating func one<Element>(of choices: [Element]) -> Element {
    choices[below(choices.count)]
  }
}
