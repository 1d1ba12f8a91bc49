import RCMLBasics

/// The NAT before a phone (spec U-64): what it makes of the phone's port, and for how long.
package struct NATScript: Sendable {
  package enum Kind: Sendable {
    /// One port, by which the phone is dialled as well.
    case cone
    /// What the phone sends leaves from another port than the one it is dialled by.
    case symmetric
  }

  package var kind = Kind.cone
  /// Milliseconds from the beginning of a dialog until the phone gets another port; nil = never.
  package var rebinds: Int?
  /// Milliseconds from then until the phone notices and says something.
  package var notices = 1_000
}

/// One of them at work. A port that is not used for a while is given up.
package struct PhoneNAT {
  package enum Verdict: Hashable, Sendable {
    case admitted
    /// It was the phone's before.
    case former
    /// Nobody used it for too long.
    case expired
    /// It never was the phone's.
    case unknown
  }

  /// More than half of what a call may ring, so that nothing but a call's own silence is too long.
  static let lifetime = Interval.seconds(45)
  static let dialled: UInt16 = 5_060

  let script: NATScript
  private let isDialled: Bool
  private(set) var round = 0
  private var lastTraffic: Instant?

  init(_ script: NATScript, isDialled: Bool) {
    self.script = script
    self.isDialled = isDialled
  }

  /// Where what the phone sends comes from.
  var port: UInt16 {
    round == 0 && isDialled && script.kind == .cone
      ? PhoneNAT.dialled : 42_000 + UInt16(round % 1_000) * 2
  }

  mutating func rebind() {
    round += 1
    lastTraffic = nil
  }

  /// The phone sends something; from which port?
  mutating func send(at now: Instant) -> UInt16 {
    if hasExpired(at: now) { round += 1 }
    lastTraffic = now
    return port
  }

  /// Something comes for the phone at one of its ports.
  mutating func receive(at port: UInt16, at now: Instant) -> Verdict {
    if isDialled, port == PhoneNAT.dialled, round == 0 || script.kind == .symmetric {
      // Whoever dials it comes by a port that is always open.
      lastTraffic = lastTraffic == nil || hasExpired(at: now) ? lastTraffic : now
      return .admitted
    }
    guard port == self.port else {
      let isFormer = port == PhoneNAT.dialled ? isDialled : port >= 42_000 && port < self.port
      return isFormer ? .former : .unknown
    }
    if hasExpired(at: now) { return .expired }
    // A port that the phone has not sent from yet is none.
    guard lastTraffic != nil else { return .unknown }
    lastTraffic = now
    return .admitted
  }

  private func hasExpired(at now: Instant) -> Bool {
    lastTraffic.map { now - $0 > PhoneNAT.lifetime } ?? false
  }
}

/// Draws them, with dice of their own, for larger worlds (`Extras`).
struct NATWriter {
  private var dice: Dice

  init(seed: UInt64) { dice = Dice(seed).split(910) }

  /// Proxies stand outside, and say themselves where they are.
  mutating func place(_ scenario: inout Scenario) {
    guard var extras = scenario.extras else { return }
    for index in extras.callers.indices {
      extras.callers[index].nat = nat(extras.callers[index])
      // What goes through the NAT with the signalling is behind the same one.
      if extras.callers[index].nat != nil {
        scenario.sound?.callers[index].source.origin = .behindNAT
      }
    }
    for index in extras.callees.indices {
      extras.callees[index].nat = nat(extras.callees[index])
      if extras.callees[index].nat != nil {
        scenario.sound?.callees[index].source.origin = .behindNAT
      }
    }
    scenario.extras = extras
    let isThere = (extras.callers + extras.callees).contains { $0.nat != nil }
    guard isThere else { return }
    if dice.chance(20) { scenario.settings.append(("keepalive", dice.one(of: ["0", "5", "40"]))) }
    if dice.chance(10) { scenario.settings.append(("rewrite_contact", "always")) }
  }

  private mutating func nat(_ phone: PhoneExtras) -> NATScript? {
    guard dice.chance(30) else { return nil }
    var nat = NATScript(kind: dice.chance(40) ? .symmetric : .cone)
    if dice.chance(50) { nat.rebinds = dice.within(200...6_000) }
    nat.notices = dice.within(50...2_500)
    return phone.routes > 0 ? nil : nat
  }
}
