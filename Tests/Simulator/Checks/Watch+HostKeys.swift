import RCMLAgent
import RCMLBasics
import RCMLDial

/// What the host hears of keys, and what becomes of its parties' offers.
struct WatchedHostTalk {
  /// Who must be told the key of this step.
  var expected: (key: HostPartyKey, digit: UInt8)?
  var seen: Set<[UInt8]> = []
  /// Offers of parties of the host's, and until when each has an answer.
  var offers: [HostPartyKey: Instant] = [:]

  typealias HostPartyKey = Watch.HostPartyKey
}

/// A party of the host's hears of every key that is passed on to it (spec Q-30), no called party hears of a `*` that ends
/// its Dial (L-34), and an offer of the host's has an answer (U-23).
extension Watch {
  /// An exchange with a phone that answers at once takes less.
  private static let answerTime = Interval.seconds(5)

  func hostKeysDelivered(_ message: SipText) {
    hostTalk.expected = nil
    guard checksKeys, !hostParties.isEmpty, message.method == .info,
      hostTalk.seen.insert(message.branch).inserted, !mayScreen, !hostInterferes, !streamsFailed,
      let digit = Watch.digit(of: message)
    else { return }
    if let caller = callerIndex[message.callID] {
      // Whether it ends the Dial is for the document to say.
      guard digit != UInt8(ascii: "*"), let call = callers[caller].call,
        callers[caller].left == nil, !callers[caller].byeSent, callers[caller].isAcknowledged,
        let answered = callers[caller].answered, now - answered > .seconds(1),
        let leg = talkingLeg(of: call)
      else { return }
      hostTalk.expected = (HostPartyKey(call: call, leg: leg), digit)
    } else if let leg = legIndex[message.callID] {
      let key = callers[legs[leg].caller].call.map { HostPartyKey(call: $0, leg: nil) }
      guard let key, let party = hostParties[key], party.isAnswered, !party.isGone,
        !party.owesAnswer, legs[leg].bye == nil, !legs[leg].isLost,
        let told = events[legs[leg].sid]?.told.last, told.event == .answered,
        now - told.instant > .seconds(2)
      else { return }
      hostTalk.expected = (key, digit)
    }
  }

  private static func digit(of message: SipText) -> UInt8? {
    let body = message.bytes[message.body]
    return body.firstIndex(of: UInt8(ascii: "=")).flatMap { body[($0 + 1)...].first }
  }

  /// The leg of the host's that this caller talks with.
  private func talkingLeg(of call: CallNumber) -> LegNumber? {
    let legs = hostParties.filter { $0.key.call == call && $0.key.leg != nil && !$0.value.isGone }
    guard legs.count == 1, let leg = legs.first?.key.leg,
      let told = events.values.first(where: { $0.call == call && $0.number == leg })?.told.last,
      told.event == .answered, now - told.instant > .seconds(1)
    else { return nil }
    return leg
  }

  func hostToldKey(_ key: HostPartyKey, _ digit: UInt8) {
    if let expected = hostTalk.expected, expected.key == key, expected.digit == digit {
      hostTalk.expected = nil
    }
    guard starEndsEveryDial, digit == UInt8(ascii: "*"), let leg = key.leg,
      let told = events.values.first(where: { $0.call == key.call && $0.number == leg })?.told,
      told.contains(where: { $0.event == .answered })
    else { return }
    fail(.keysPassedOn, "a called party of the host's is told of the *")
  }

  /// INFO of ours.
  func hostKeysSent(_ message: SipText) {
    if message.method == nil, message.sequenceMethod == .info, message.code >= 300 {
      hostTalk.expected = nil
    }
    guard starEndsEveryDial, message.method == .info,
      Watch.digit(of: message) == UInt8(ascii: "*"), let leg = legIndex[message.callID],
      events[legs[leg].sid]?.told.contains(where: { $0.event == .answered }) ?? false
    else { return }
    fail(.keysPassedOn, "\(legs[leg].target) is told of the caller's *")
  }

  /// Before the agent is told, who may answer at once.
  func hostOffers(_ key: HostPartyKey) {
    if hostTalk.offers[key] == nil { hostTalk.offers[key] = now + Watch.answerTime }
  }

  /// It is no time for that, and the agent said so.
  func hostMayNotSay(_ call: CallNumber, _ leg: LegNumber?, _ news: HostPartyReport) {
    guard case .offers = news else { return }
    let key = HostPartyKey(call: call, leg: leg)
    if hostTalk.offers[key] == now + Watch.answerTime { hostTalk.offers[key] = nil }
  }

  func hostTalkSettled() {
    if let expected = hostTalk.expected {
      hostTalk.expected = nil
      fail(
        .hostKeys,
        "key \(expected.digit) for a party of the host's in call \(expected.key.call.number), "
          + "and the host is not told")
    }
    for (key, until) in hostTalk.offers where until < now {
      hostTalk.offers[key] = nil
      // Who is asked, and who met glare, is known only where sessions are looked at.
      guard checksSessions, let party = hostParties[key], !party.isGone, !hostInterferes,
        !streamsFailed, let caller = callOfNumber[key.call]
      else { continue }
      let isAsked =
        offers.ours.values.contains { callerOf($0.callID) == caller } || !offers.glares.isEmpty
        || offers.lastGlare.map { now - $0 < Watch.answerTime } ?? false
      if isAsked {
        hostTalk.offers[key] = now + Watch.answerTime
      } else {
        fail(.sessions, "an offer of a party of the host's has no answer")
      }
    }
  }
}
