import RCMLBasics
import RCMLDial
import RCMLDocument

/// One call of a journal: who, when, and how it ended.
struct LadderCall {
  /// Who began it.
  enum Direction: String {
    case incoming, outgoing
    /// The host brought the caller on a line of its own.
    case host
  }

  struct Beginning {
    var instant: Instant
    /// 0 = the journal does not know the calendar.
    var unixMicroseconds: Int64
  }

  struct Leg {
    var sid: CallSid?
    var callID: [UInt8] = []
    /// What it calls, for the head of its column.
    var target = ""
    /// Its last status event.
    var status: LegStatus?
  }

  var number: CallNumber
  var direction = Direction.incoming
  var sid: CallSid?
  var callID: [UInt8] = []
  var from = ""
  var to = ""
  /// The first thing the journal says of it.
  let began: Beginning
  private(set) var legs: [LegNumber: Leg] = [:]
  /// The last Dial that ended.
  var dial: DialResult?
  /// What was to be said of it, in order, no more than `findingLimit`.
  private(set) var findings: [Finding] = []
  /// How much happened in it, about: whoever saw this number has seen it all.
  var entries = 0
  /// Nil: the journal ends before it did.
  var end: (facts: CallEnd, instant: Instant)?

  /// A document in a circle must not fill what a live trace keeps.
  private static let findingLimit = 64
  private static let legLimit = 1_024

  /// No more than `legLimit` are kept, the first.
  mutating func change(_ leg: LegNumber, _ change: (inout Leg) -> Void) {
    guard legs[leg] != nil || legs.count < LadderCall.legLimit else { return }
    change(&legs[leg, default: Leg()])
  }

  mutating func add(_ finding: Finding) {
    if findings.count < LadderCall.findingLimit { findings.append(finding) }
  }

  var sortedLegs: [(number: LegNumber, leg: Leg)] {
    legs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// It did not complete, or something in it failed.
  var hasFailed: Bool {
    guard let end = end?.facts else { return findings.contains { $0.severity == .error } }
    return end.status != .completed || !LadderCall.isSuccess(end.reason.word)
      || findings.contains(where: LadderCall.isFailure)
  }

  /// As an end of a document that was begun (spec E-9).
  static func isSuccess(_ word: ReasonWord) -> Bool {
    switch word {
    case .end, .hangup, .stopped, .replaced: true
    case .refused, .unreachable, .unresolved, .timeout, .noTransport, .invalidTarget, .denied,
      .media, .authentication, .loop, .limit, .canceled, .screening, .rejected, .dialFailed,
      .noDocument:
      false
    }
  }

  /// A warning tells of a failure, too, when something was given up.
  static func isFailure(_ finding: Finding) -> Bool {
    if finding.severity == .error { return true }
    switch finding.code {
    case .callbackFailed, .requestFailed, .documentError, .mediaRefused, .tooManyDocuments,
      .dialNotAllowed, .playFailed, .noSpeech, .innerAddress:
      return true
    default: return false
    }
  }

  var unixMicroseconds: Int64 { began.unixMicroseconds }

  /// By its number, its sid or the first characters of that, or its Call-ID.
  func isNamed(_ wanted: String) -> Bool {
    if let number = UInt64(wanted), number == self.number.number { return true }
    if !callID.isEmpty, callID.elementsEqual(wanted.utf8) { return true }
    guard wanted.utf8.count > 2, let sid else { return false }
    return sid.description.hasPrefix(wanted)
  }
}
