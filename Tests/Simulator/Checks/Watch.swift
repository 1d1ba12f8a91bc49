import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLDocument

/// Sees everything that crosses the agent's boundary, and says which invariant broke first.
///
/// It knows SIP only as it stands on the wire, and believes nothing the agent does not show.
package final class Watch {
  package private(set) var violation: Violation?
  /// The shortest `Dial timeout` of the scenario: before it no ring timer can be the reason for anything.
  var shortestTimeout = Interval.seconds(1)
  /// Every Dial of the scenario has an `action`.
  var everyDialHasAction = false
  /// Legs are screened: who answers first need not win, and several may answer.
  var screens = false
  /// One Dial and nothing else: what the caller gets follows from its one leg (spec M-30).
  var isPlain = false
  /// Legs are screened, whoever they are.
  var mayScreen = false
  /// Whoever calls is refused, and nobody is called (L-49).
  var callerHearsNothing = false
  /// Every Dial has hangupOnStar.
  var starEndsEveryDial = false
  /// Callees all of whose nouns have a callback for `completed`.
  var calledBack: Set<String> = []
  /// The host ends calls by itself in this scenario.
  var hostInterferes = false
  /// The locks of callees, by the callee's name.
  var locks: [String: PhoneLock] = [:]
  /// What the host gave away: `callee0 realm`.
  var given: Set<String> = []
  /// Some callee is dialled by a name that may stand for several servers (T-2).
  var mayMove = false
  /// A stream was refused, reset or stalled.
  package var streamsFailed = false

  /// The host may forbid requests (Y-4).
  var mayDeny = false
  /// nil = nobody has a voice.
  var sound: WatchedSound?
  /// Whose address it is.
  var soundVoice: ((SocketAddress) -> Voice?)?

  package var now = Instant(nanoseconds: 0)
  var callers: [CallerRecord] = []
  var callerIndex: [[UInt8]: Int] = [:]
  var callerNames: [[UInt8]: Int] = [:]
  var legs: [LegRecord] = []
  var legIndex: [[UInt8]: Int] = [:]
  var legOfSid: [String: Int] = [:]
  var events: [String: LegEvents] = [:]
  var sidOrder: [String] = []
  var callOfNumber: [CallNumber: Int] = [:]
  var hostParties: [HostPartyKey: HostPartyRecord] = [:]
  var hostHasAnswered = false
  /// Whom the host says of that it answers, in this step.
  var hostAnswering: HostPartyKey?
  var dialsEnded: [CallNumber: Int] = [:]
  var ended: [CallNumber: Instant] = [:]
  var sends: [SendKey: SendRecord] = [:]
  /// CSeq of the INVITE that a final response of ours answered.
  var acknowledgedSequence: [SendKey: UInt32] = [:]
  /// re-INVITEs that nobody has said anything to, by branch, and since when.
  var silentInvites: [[UInt8]: Instant] = [:]
  var heardInvites: Set<[UInt8]> = []
  var sequences: [DialogKey: UInt32] = [:]
  /// Those of requests that went over TCP.
  var sequencesOnStreams: [DialogKey: UInt32] = [:]
  var callbacks = CallbackRecords()
  /// The message handed to the agent in this step.
  var current: SipText?
  /// 2xx of this step that must be acknowledged before it is over: leg, branch, tag.
  var unacknowledged: [(leg: Int, branch: [UInt8], tag: [UInt8])] = []
  /// Call-ID and tag of BYEs that came before the 200 of their dialog.
  var byesBeforeAnswer: Set<[UInt8]> = []
  /// Those of them whose dialog a provisional response had made known.
  var earlyByes: Set<[UInt8]> = []
  var earlyDialogs: Set<[UInt8]> = []
  /// A leg that was hung up before its own 200 came: it must be over with it.
  var mustComplete: String?
  /// The leg whose first usable 2xx came in this step and must win.
  var mustWin: Int?
  /// Phones say all that larger worlds let them.
  var checksSessions = false
  /// Streams open late, and what happened meanwhile waits for them: nobody can say from outside who was first.
  var answersMayWait = false
  var checksKeys = false
  var sessions = WatchedSessions()
  var offers = WatchedOffers()
  var hostTalk = WatchedHostTalk()
  /// 2xx to INVITEs that have no ACK, and their Call-IDs.
  var openAnswers: [SendKey: [UInt8]] = [:]
  /// By Call-ID and the peer's tag.
  var routeSets: [[UInt8]: [String]] = [:]
  var timersAsked: [[UInt8]: SessionTimer] = [:]
  var reach = WatchedReach()
  var infosSeen: Set<[UInt8]> = []
  /// Who must be sent the key of this step.
  /// A leg of this call answered, and its Dial had no winner: allowed where the caller is refused.
  var uselessWinner: (call: CallNumber, text: String)?
  var infoExpected: (callID: [UInt8], body: [UInt8], name: String)?
  /// Keys of callbacks by the exchange, how often each was tried, and when it failed.
  var callbackExchanges: [UInt64: String] = [:]
  var callbackTries: [String: Int] = [:]
  var callbackFailed: [String: Instant] = [:]

  package init() {}

  func fail(_ invariant: Violation.Invariant, _ text: String) {
    if violation == nil { violation = Violation(invariant: invariant, instant: now, text: text) }
  }

  /// A message is about to be handed to the agent.
  package func delivered(_ message: SipText, isStream: Bool) {
    current = message
    sawForRepetitions(delivered: message)
    answersDelivered(message)
    inviteDelivered(message)
    if let index = callerIndex[message.callID] {
      fromCaller(message, index)
    } else if let index = legIndex[message.callID] {
      fromLeg(message, index)
    } else if message.method == .invite, message.toTag.isEmpty {
      newCaller(message, isStream: isStream)
    }
    soundDelivered(message)
    routesDelivered(message)
    sessionDelivered(message)
    offersDelivered(message)
    timersDelivered(message)
    keysDelivered(message)
    hostKeysDelivered(message)
  }

  /// The agent sent this.
  package func sent(_ message: SipText, isStream: Bool) {
    sawForRepetitions(sent: message, isStream: isStream)
    answersSent(message, isStream: isStream)
    if message.method == nil { silentInvites[message.branch] = nil }
    if let index = callerIndex[message.callID] {
      toCaller(message, index)
    } else if message.method == .invite, message.toTag.isEmpty, legIndex[message.callID] == nil {
      newLeg(message, isStream: isStream)
    } else if let index = legIndex[message.callID] {
      toLeg(message, index, isStream: isStream)
    }
    soundSent(message)
    sessionSent(message)
    offersSent(message)
    timersSent(message)
    keysSent(message)
    hostKeysSent(message)
    checkCredentials(message)
  }

  /// What the agent sent is no SIP message.
  package func sentGarbage(_ bytes: [UInt8]) {
    // CRLF keeps a stream alive (RFC 5626 §3.5.1).
    if bytes.allSatisfy({ $0 == 13 || $0 == 10 }) { return }
    fail(.cleanMessages, "what was sent is no SIP message: \(bytes.prefix(60))")
  }

  /// The agent is at rest after an input.
  package func settled() {
    if let (leg, _, tag) = unacknowledged.first {
      fail(
        .answersAreAcknowledged,
        "a 2xx of \(legs[leg].target) with tag \(text(tag)) got no ACK of its own")
    }
    if let leg = mustWin { checkWinner(leg) }
    if let sid = mustComplete, events[sid]?.told.last?.event != .completed {
      fail(.losersAreEnded, "leg \(sid) was hung up before its 200 came, and is kept up")
    }
    if let useless = uselessWinner { fail(.oneWinner, useless.text) }
    settleKeys()
    keysSettled()
    offersSettled()
    answersSettled()
    hostTalkSettled()
    mustComplete = nil
    unacknowledged = []
    mustWin = nil
    current = nil
  }

  func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
