import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// Who hears whose keys, and which press is which (spec U-25, U-62, L-34).
struct CallKeysTests {
  private let now = Instant(nanoseconds: 1_000_000_000)
  private let five = UInt8(ascii: "5")

  @Test func twoWaysWithinAQuarterOfASecondAreOnePress() {
    let keys = CallKeys()
    #expect(keys.isNew(five, by: .caller, .media, at: now))
    #expect(!keys.isNew(five, by: .caller, .info, at: now + .milliseconds(250)))
    #expect(keys.isNew(five, by: .caller, .info, at: now + .milliseconds(251)))
    // The same way twice is two presses; another party's is its own.
    #expect(keys.isNew(five, by: .caller, .info, at: now + .milliseconds(252)))
    #expect(keys.isNew(five, by: .leg(LegNumber(0)), .media, at: now + .milliseconds(253)))
  }

  @Test func onlyTheJoinedPartiesHearEachOther() {
    let keys = CallKeys()
    let (one, two) = (LegNumber(0), LegNumber(1))
    #expect(keys.partner(of: .caller) == nil)
    keys.join(one)
    #expect(keys.partner(of: .caller) == .leg(one))
    #expect(keys.partner(of: .leg(one)) == .caller)
    #expect(keys.partner(of: .leg(two)) == nil)
    // The winner takes the place of the one that was heard before; that one's end changes nothing.
    keys.join(two, withholding: UInt8(ascii: "*"))
    keys.part(one)
    #expect(keys.partner(of: .caller) == .leg(two))
    keys.part(two)
    #expect(keys.partner(of: .caller) == nil)
    #expect(keys.partner(of: .leg(two)) == nil)
  }

  @Test func onlyTheCallersKeyIsWithheldAndOnlyWhileTheyAreJoined() {
    let keys = CallKeys()
    let (leg, star) = (LegNumber(0), UInt8(ascii: "*"))
    keys.join(leg, withholding: star)
    #expect(keys.isWithheld(star, from: .caller))
    #expect(!keys.isWithheld(five, from: .caller))
    #expect(!keys.isWithheld(star, from: .leg(leg)))
    keys.part(leg)
    keys.join(leg)
    #expect(!keys.isWithheld(star, from: .caller))
  }
}
