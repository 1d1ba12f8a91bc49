import RCMLBasics
import RCMLDocument

/// The Dial under way.
struct RunningDial {
  let ordinal: Int
  let dial: Dial
  /// Those that can be dialled here or by the host's help, in document order; the index is P-30.
  let targets: [Target]
  /// What its legs are to offer.
  let media: LegMedia
  /// Max-Forwards is used up: no INVITE (spec U-6).
  let isHopLimit: Bool
  var machine: DialMachine
  var winner: LegNumber?
  /// The ringing an answered caller hears (L-35).
  var ringback: PerformanceNumber?
  /// The tone before the end of the talk (E-6), and when it is due.
  var warning: PerformanceNumber?
  var warnAt: Instant?
  var recording: DialRecording?
  var earlyMediaLeg: LegNumber?
  /// Targets whose turn has come and of whom the host is asked.
  var asked: [Int] = []
}
