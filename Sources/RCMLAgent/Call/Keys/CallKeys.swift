import RCMLBasics
import RCMLDial

/// What a call remembers of keys: the last one of each party, and who hears them.
final class CallKeys {
  private var last: [Party: KeyPress] = [:]
  /// The leg that the caller talks to, or hears before it answers; nil = nobody.
  private var joined: LegNumber?
  /// The caller's key that the leg does not get (spec L-34); 0 = none.
  private var withheld: UInt8 = 0

  /// False: it is the press that was heard by another way a moment ago (spec U-25).
  func isNew(_ key: UInt8, by party: Party, _ way: KeyPress.Way, at now: Instant) -> Bool {
    if let press = last[party], press.isSame(as: key, way, at: now) { return false }
    last[party] = KeyPress(key: key, way: way, at: now)
    return true
  }

  // MARK: who hears them

  func join(_ leg: LegNumber, withholding key: UInt8 = 0) {
    joined = leg
    withheld = key
  }

  func part(_ leg: LegNumber) {
    guard joined == leg else { return }
    joined = nil
    withheld = 0
  }

  /// Who hears what this party presses; nil = nobody.
  func partner(of party: Party) -> Party? {
    guard let joined else { return nil }
    switch party {
    case .caller: return .leg(joined)
    case .leg(let leg): return leg == joined ? .caller : nil
    }
  }

  func isWithheld(_ key: UInt8, from party: Party) -> Bool {
    party == .caller && key == withheld
  }
}
