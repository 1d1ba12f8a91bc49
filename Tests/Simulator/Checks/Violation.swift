import RCMLBasics

/// An invariant of failures.md §3.3 that did not hold.
package struct Violation: Hashable, Sendable {
  package enum Invariant: String, Hashable, Sendable {
    case oneWinner = "I-S1"
    case firstAnswerWins = "I-S2"
    case losersAreEnded = "I-S3"
    case answersAreAcknowledged = "I-S4"
    case noInviteAfterwards = "I-S5"
    case nothingIsLeft = "I-S6"
    case repetitions = "I-S7"
    case credentials = "I-S8"
    case cleanMessages = "I-S9"
    case oneFinalResponse = "I-S10"
    case completedOnce = "I-C1"
    case numberedCallbacks = "I-C2"
    case orderedEvents = "I-C3"
    case durations = "I-C4"
    case distinctSids = "I-C5"
    case callbacksArrive = "I-C6"
    case webNeverDelaysCalls = "I-C7"
    case exactAudio = "I-M1"
    case onlyToThem = "I-M2"
    case keys = "I-M3"
    case recordings = "I-M4"
    case ringing = "I-M5"
    case believed = "I-M6"
    case legStatus = "M-1"
    case relayedCode = "M-30"
    case reasons = "F-8"
    case amplification = "Q-24"
    case reliableRinging = "U-21"
    case rings = "L-13"
    case unheard = "L-49"
    case hostKeys = "Q-30"
    case sessions = "U-50"
    case directions = "U-51"
    case requestedOffers = "U-52"
    case profiles = "U-53"
    case takenBack = "U-54"
    case trying = "U-55"
    case acceptance = "U-57"
    case expiry = "U-61"
    case calleeReasons = "U-63"
    case timers = "U-60"
    case keysPassedOn = "U-62"
    case reach = "U-64"
    case pauses = "K-12"
    case routes = "RFC 3261 §12"
    case glare = "RFC 3261 §14.1"
    case ownSounds = "V-20"
    case oneWayOn = "I-R2"
    case documentsRunOrAreRefused = "I-R3"
    case reference = "I-R1"
    /// The agent's own contract: it comes to rest, and replay is exact.
    case rest = "I-A1"
    case replay = "I-A2"
  }

  package var invariant: Invariant
  package var instant: Instant
  package var text: String
}
