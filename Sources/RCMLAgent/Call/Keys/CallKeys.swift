import RCMLBasics
import RCMLDial

/// What of keys a call remembers: the last one of each party, and the one that is not passed on.
final class CallKeys {
  private var last: [Party: KeyPress] = [:]
  /// 0 = none.
  private var withheld: UInt8 = 0

  /// The caller's key that its partner does not get (spec L-34).
  func withhold(_ key: UInt8) { withheld = key }

  /// False: it is the press that was heard by another way a moment ago (spec U-25).
  func isNew(_ key: UInt8, by party: Party, _ way: KeyPress.Way, at now: Instant) -> Bool {
    if let press = last[party], press.isSame(as: key, way, at: now) { return false }
    last[party] = KeyPress(key: key, way: way, at: now)
    return true
  }

  func isWithheld(_ key: UInt8, from party: Party) -> Bool {
    party == .caller && key == withheld
  }
}
