/// Which kind of world a seed draws.
///
/// Below 10^16 as it always was. Above, the first digit of seventeen says it, and there is room for seeds that nobody has run
/// before: `Scripts/simulate --fresh` takes the date and the minute for the ten digits after it. Rings (4) and plans for the
/// reference (5) have digits of their own, and worlds that no seed draws.
package enum WorldKind: Sendable {
  case small
  case larger
  /// One caller, one called party, and one thing that hardly ever happens.
  case pointed

  package static let firstLarger: UInt64 = 10_000_000
  static let firstPointed: UInt64 = 50_000_000
  private static let room: UInt64 = 10_000_000_000_000_000

  package init(of seed: UInt64) {
    switch seed / WorldKind.room {
    case 0:
      self =
        seed < WorldKind.firstLarger ? .small : seed < WorldKind.firstPointed ? .larger : .pointed
    case 1: self = .small
    case 2: self = .larger
    default: self = .pointed
    }
  }
}
