import RCMLBasics
import RCMLDocument

/// The Dial under way.
struct RunningDial {
  /// How far it has come, beside what its machine knows.
  enum Progress: Hashable {
    /// It begins once the caller is answered (L-3).
    case awaitingAnswer
    case racing
    /// This leg has won, and the caller is being answered for it (L-25).
    case connecting(LegNumber)
    case bridged(LegNumber)
  }

  let ordinal: Int
  let dial: Dial
  /// Those that can be dialled here or by the host's help, in document order; the index is P-30.
  let targets: [Target]
  /// What its legs are to offer.
  let media: LegMedia
  /// Max-Forwards is used up: no INVITE (spec U-6).
  let isHopLimit: Bool
  var machine: DialMachine
  var progress = Progress.racing
  /// The ringing an answered caller hears (L-35).
  var ringback: PerformanceNumber?
  /// The tone before the end of the talk (E-6), and when it is due.
  var warning: PerformanceNumber?
  var warnAt: Instant?
  var recording: DialRecording?
  var earlyMediaLeg: LegNumber?
  /// Targets whose turn has come and of whom the host is asked.
  var asked: [Int] = []

  /// Who is, or was, bridged with the caller.
  var winner: LegNumber? {
    switch progress {
    case .bridged(let leg): leg
    case .awaitingAnswer, .racing, .connecting: nil
    }
  }
}
