/// Up to eight effects in the order in which they must be performed, in one machine word: a machine answers
/// without allocating. Raw values of effects start at 1.
public struct EffectList<Effect: RawRepresentable>: Sequence where Effect.RawValue == UInt8 {
  private var word: UInt64 = 0

  public init() {}
  public init(_ first: Effect) { word = UInt64(first.rawValue) }

  public init(_ first: Effect, _ second: Effect) {
    word = UInt64(first.rawValue) | UInt64(second.rawValue) << 8
  }

  public init(_ first: Effect, _ second: Effect, _ third: Effect, _ rest: Effect...) {
    word =
      UInt64(first.rawValue) | UInt64(second.rawValue) << 8 | UInt64(third.rawValue) << 16
    var shift: UInt64 = 24
    for effect in rest {
      precondition(shift < 64, "at most eight effects")
      word |= UInt64(effect.rawValue) << shift
      shift += 8
    }
  }

  public static var none: EffectList { EffectList() }

  public var isEmpty: Bool { word == 0 }

  public func makeIterator() -> Iterator { Iterator(word: word) }

  public struct Iterator: IteratorProtocol {
    fileprivate var word: UInt64

    public mutating func next() -> Effect? {
      guard word != 0 else { return nil }
      let effect = Effect(rawValue: UInt8(truncatingIfNeeded: word))
      word >>= 8
      return effect
    }
  }
}
