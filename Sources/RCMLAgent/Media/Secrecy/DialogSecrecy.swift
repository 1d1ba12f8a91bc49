import RCMLBasics
import RCMLSIP

/// Whether the sound of one dialog is secret, and which keys we tell in it (spec T-15, T-16).
///
/// Our keys are the dialog's from its first offer to its end: an offer that is said again says the same. What they are worth
/// is decided at the edge, where each is exchanged for the one that travels (`KeySeal`).
struct DialogSecrecy {
  /// What the setting and the target want, as far as this dialog's signalling may carry keys.
  private let profiles: SDPProfiles
  private let keys: [SDPKey]
  /// Sound with keys was agreed on: it is never open again.
  private var isSecret = false

  /// Nothing secret is offered or taken.
  static let off = DialogSecrecy()

  private init() {
    profiles = .usual
    keys = []
  }

  /// `mayCarryKeys`: nobody reads the signalling on its way, or that is nothing to the user (spec T-16). Where sound has to be
  /// secret and keys may not travel, nothing is served at all.
  init(_ wish: Settings.SRTP, mayCarryKeys: Bool, random: inout RandomSource) {
    switch wish {
    case .off: profiles = .usual
    case .offer: profiles = mayCarryKeys ? [.open, .secret] : .open
    case .require: profiles = mayCarryKeys ? .secret : []
    }
    keys = profiles.contains(.secret) ? DialogSecrecy.makeKeys(&random) : []
  }

  private static func makeKeys(_ random: inout RandomSource) -> [SDPKey] {
    // The first is the one that every telephone knows, and many look no further.
    let suites: [SecureSuite] = [.aes128SHA80, .aes256GCM, .aes128GCM, .aes128SHA32]
    return suites.enumerated().compactMap { place, suite in
      var octets: [UInt8] = []
      while octets.count < suite.keyLength {
        let chance = random.next()
        octets += (0..<8).map { UInt8(truncatingIfNeeded: chance >> UInt64($0 * 8)) }
      }
      return SecureKey(suite, Array(octets[..<suite.keyLength])).map {
        SDPKey(tag: UInt32(place + 1), $0)
      }
    }
  }

  // MARK: what is served

  /// A party whose sound is secret does not get to make it open (spec T-17).
  var served: SDPProfiles { isSecret ? .secret : profiles }

  /// Keys may stand in what we say.
  var tellsKeys: Bool { !keys.isEmpty }

  /// Nothing may be agreed on.
  var isClosed: Bool { profiles.isEmpty }

  /// Sound is not agreed on without keys.
  var isRequired: Bool { !served.contains(.open) }

  /// What we write may name both.
  var isWritten: SDPProfiles { keys.isEmpty ? .usual : [.open, .secret] }

  mutating func agreed(isSecret: Bool) {
    if isSecret { self.isSecret = true }
  }

  // MARK: what is said

  /// `isFirst`: nothing is agreed on yet.
  func offer(isFirst: Bool) -> AudioPlan.Secrecy {
    if keys.isEmpty { return .open }
    if isRequired { return .secret(keys) }
    return isFirst ? .both(keys) : .open
  }

  /// The first of the keys that it offers: they stand in its order (RFC 4568 §5.1.2).
  func answer(to offer: SessionDescription) -> AudioPlan.Secrecy {
    for theirs in offer.keys {
      if let one = keys.first(where: { $0.suite == theirs.suite }) {
        return .secret([SDPKey(tag: theirs.tag, one.key)])
      }
    }
    return .open
  }
}
