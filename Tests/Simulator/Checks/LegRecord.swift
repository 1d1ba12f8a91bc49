import RCMLBasics
import RCMLDial

/// What was seen of one leg on the wire and by the host.
struct LegRecord {
  /// One 2xx dialog of an INVITE.
  struct Answer {
    var tag: [UInt8]
    var first: Instant
    var isUsable: Bool
    var acks = 0
    var byeSent = false
    var byeReceived = false
  }

  /// One INVITE transaction.
  struct Try {
    var branch: [UInt8]
    var sequence: UInt32
    /// Not inside a dialog.
    var isInitial: Bool
    var isStream: Bool
    var first: Instant
    var provisional: Instant?
    var refused: Int?
    var refusedAt: Instant?
    var cancelled: Instant?
    var hasCredentials = false
    var answers: [Answer] = []

    /// RFC 3261 lets the client forget the transaction: what comes now belongs to nothing.
    func isForgotten(at now: Instant) -> Bool {
      let life = Interval.milliseconds(31_900)
      if let refusedAt, now - refusedAt >= life { return true }
      if let answer = answers.first { return now - answer.first >= life }
      if let cancelled { return now - cancelled >= life }
      return provisional == nil && now - first >= life
    }
  }

  var callID: [UInt8]
  /// Index of the caller on whose behalf it is.
  var caller: Int
  var dial: Int
  var sid: String
  var parentSid: String
  var target: String
  var tries: [Try] = []
  /// The first BYE in either direction, that it was the callee's, and what the callee's say for reasons.
  var bye: Instant?
  var hungUpFirst = false
  var reasons: [String] = []
  /// The other side no longer knew the dialog, or did not answer in it (spec U-27).
  var isLost = false

  /// 64·T1 after its BYE nothing of a dialog is waited for, a re-INVITE's final response included.
  func isBuried(_ attempt: Int, at now: Instant) -> Bool {
    guard let bye, !tries[attempt].isInitial else { return false }
    return now - bye >= .milliseconds(31_900)
  }
}

/// What the host was told of one leg.
struct LegEvents {
  var call: CallNumber
  var number: LegNumber
  var told: [LegStatus] = []
}

/// What was seen of one caller.
struct CallerRecord {
  /// The last provisional response that wants a PRACK.
  struct Provisional {
    var rseq: UInt32
    var bytes: [UInt8]
    var first: Instant
    var hasAnswer: Bool
    var isAcknowledged = false
  }

  struct Final: Hashable {
    var code: Int
    var tag: [UInt8]
  }

  var callID: [UInt8]
  var name: String
  var branch: [UInt8]
  var delivered: Instant
  var finals: [Final] = []
  var answered: Instant?
  var isAcknowledged = false
  /// The last description it was sent, and the last that both sides agreed on, without their `o=` lines: a refresh of
  /// the session says one of them once more (RFC 4028 §7.4), the latter where an offer was refused in between.
  var lastDescription: [UInt8] = []
  var agreedDescription: [UInt8] = []
  var left: Instant?
  /// Its Expires (U-61); and whether it could read no description in its answer (U-57).
  var expiry: Instant?
  var takesNoDescription = false
  var byeSent = false
  var byeReceived = false
  var isStream = false
  /// What it wants of provisional responses, and what it got (RFC 3262).
  var reliability = Reliability.unknown
  var provisional: Provisional?
  /// The SDP of a provisional response that is to be acknowledged: the answer.
  var reliableAnswer: ArraySlice<UInt8>?
  var call: CallNumber?
  var ended: Instant?
  var dialsEnded = 0
  /// Sids of the legs that were answered in the running Dial: with screening there may be several.
  var answeredLegs: Set<String> = []
  /// Sid of the winner of the running Dial.
  var winner: String?
  /// And of that of the Dial before.
  var lastWinner: String?
}
