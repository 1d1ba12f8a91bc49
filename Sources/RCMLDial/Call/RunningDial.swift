import RCMLBasics
import RCMLDocument

/// The Dial under way.
struct RunningDial {
  let ordinal: Int
  let dial: Dial
  /// Its usable kinds of targets, in document order; the index is P-30.
  let targets: [SipNoun]
  /// Max-Forwards is used up: no INVITE (spec U-6).
  let isHopLimit: Bool
  var machine: DialMachine
  var winner: LegNumber?
  /// The ringing an answered caller hears (L-35).
  var ringback: PerformanceNumber?
  var earlyMediaLeg: LegNumber?
}
