import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// The rows of DirectMedia.table.md.
struct DirectMediaTests {
  typealias Effect = DirectMedia.Effect

  let leg = LegNumber(0)
  let callerOffer = AgentWorld.sdp(port: 4000)
  let legAnswer = AgentWorld.sdp(port: 6000)
  var media = DirectMedia(origin: 100, address: AgentWorld.place(5060))

  /// Without the o= line, which is each dialog's own.
  func meaning(_ sdp: [UInt8]) -> String {
    String(decoding: sdp, as: UTF8.self).split(separator: "\r\n")
      .filter { !$0.hasPrefix("o=") }.joined(separator: "\n")
  }

  func origin(_ sdp: [UInt8]) -> String {
    String(decoding: sdp, as: UTF8.self).split(separator: "\r\n").first { $0.hasPrefix("o=") }
      .map(String.init) ?? ""
  }

  /// The caller was answered before anybody was there to talk to.
  mutating func joinAnsweredCaller() -> [Effect] {
    media.callerSent(callerOffer)
    _ = media.answerForCaller(with: nil)
    _ = media.offerForLeg(leg)
    _ = media.legAnswered(leg, legAnswer)
    var effects: [Effect] = []
    media.bridged(leg, &effects)
    return effects
  }

  /// Caller and leg joined in one step: the leg's answer became the caller's.
  mutating func join() -> [Effect] {
    media.callerSent(callerOffer)
    _ = media.offerForLeg(leg)
    _ = media.legAnswered(leg, legAnswer)
    _ = media.answerForCaller(with: leg)
    var effects: [Effect] = []
    media.bridged(leg, &effects)
    return effects
  }

  @Test mutating func theCallersOfferReachesTheLegUnderAnOriginOfOurs() {
    media.callerSent(callerOffer)
    let offer = media.offerForLeg(leg)
    #expect(meaning(offer).contains("m=audio 4000"))
    #expect(origin(offer) == "o=- 101 1 IN IP4 127.0.0.1")
  }

  @Test mutating func aHeldCallerIsOfferedWithoutTheHold() {
    // U-23
    media.callerSent(AgentWorld.sdp(port: 4000, direction: "sendonly"))
    let offer = media.offerForLeg(leg)
    #expect(!meaning(offer).contains("sendonly"))
  }

  @Test mutating func theWinnersAnswerIsTheCallersAnswer() {
    // L-25
    media.callerSent(callerOffer)
    _ = media.offerForLeg(leg)
    let isUsable = media.legAnswered(leg, legAnswer)
    #expect(isUsable)
    let answer = media.answerForCaller(with: leg)
    #expect(meaning(answer) == meaning(legAnswer))
    #expect(origin(answer) == "o=- 100 1 IN IP4 127.0.0.1")
    var effects: [Effect] = []
    media.bridged(leg, &effects)
    #expect(effects.isEmpty)
  }

  @Test mutating func anAnswerWithoutAudioIsNotUsable() {
    // L-23
    media.callerSent(callerOffer)
    _ = media.offerForLeg(leg)
    let answers = [[], Array("not sdp".utf8)].map { media.legAnswered(leg, $0) }
    #expect(answers == [false, false])
  }

  @Test mutating func earlyMediaAndTheAnswerAreTheSameVersion() {
    // U-20
    media.callerSent(callerOffer)
    _ = media.offerForLeg(leg)
    let nothing = media.earlyMediaForCaller(of: leg)
    #expect(nothing == nil)
    media.legSentEarly(leg, legAnswer)
    let early = media.earlyMediaForCaller(of: leg)
    _ = media.legAnswered(leg, legAnswer)
    let answer = media.answerForCaller(with: leg)
    #expect(early == answer)
  }

  @Test mutating func aCallerAnsweredBeforeGetsTheWinnersMediaByReInvite() throws {
    // L-4, L-45
    media.callerSent(callerOffer)
    let silence = media.answerForCaller(with: nil)
    #expect(meaning(silence).contains("a=inactive"))
    _ = media.offerForLeg(leg)
    _ = media.legAnswered(leg, legAnswer)
    var effects: [Effect] = []
    media.bridged(leg, &effects)
    guard case .offer(.caller, let offer)? = effects.first else { throw Missing(text: "no offer") }
    #expect(meaning(offer) == meaning(legAnswer))
    #expect(origin(offer) == "o=- 100 2 IN IP4 127.0.0.1")
    effects = []
    media.accepted(by: .caller, callerOffer, &effects)
    #expect(effects.isEmpty)
  }

  @Test mutating func aCallerWhoAnswersOtherMediaChangesTheLegToo() throws {
    var effects = joinAnsweredCaller()
    effects = []
    let moved = AgentWorld.sdp(port: 4444)
    media.accepted(by: .caller, moved, &effects)
    guard case .offer(.leg(leg), let offer)? = effects.first else { throw Missing(text: "none") }
    #expect(meaning(offer) == meaning(moved))
    effects = []
    media.accepted(by: .leg(leg), legAnswer, &effects)
    #expect(effects.isEmpty)
  }

  @Test mutating func phonesThatNeverAgreeAreAskedThreeTimes() {
    var asked = 0
    var effects = joinAnsweredCaller()
    while case .offer(let party, _)? = effects.last, asked < 10 {
      asked += 1
      effects = []
      media.accepted(by: party, AgentWorld.sdp(port: 7000 + asked), &effects)
    }
    #expect(asked == DirectMedia.joiningLimit)
  }

  @Test mutating func aReInviteIsPassedThroughAndAnswered() throws {
    // U-23
    _ = join()
    var effects: [Effect] = []
    let held = AgentWorld.sdp(port: 4000, direction: "sendonly")
    media.offered(by: .caller, held, &effects)
    guard case .offer(.leg(leg), let offer)? = effects.first else { throw Missing(text: "none") }
    #expect(meaning(offer) == meaning(held))
    effects = []
    let answer = AgentWorld.sdp(port: 6000, direction: "recvonly")
    media.accepted(by: .leg(leg), answer, &effects)
    guard case .answer(.caller, let passed)? = effects.first else { throw Missing(text: "none") }
    #expect(meaning(passed) == meaning(answer))
  }

  @Test mutating func aRefusedReInviteIsRefusedWithTheSameCode() {
    _ = join()
    var effects: [Effect] = []
    media.offered(by: .leg(leg), AgentWorld.sdp(port: 6002), &effects)
    effects = []
    media.refused(by: .caller, code: 488, &effects)
    #expect(effects == [.refuse(.leg(leg), code: 488)])
  }

  @Test(arguments: [Party.caller, .leg(LegNumber(0))])
  mutating func anAnswerToARefreshThatSaysSomethingNewReachesTheOther(party: Party) throws {
    // U-24, U-50
    _ = join()
    let other: Party = party == .caller ? .leg(leg) : .caller
    var effects: [Effect] = []
    media.refreshDue(with: party, &effects)
    guard case .offer(party, let offer)? = effects.first else { throw Missing(text: "none") }
    #expect(meaning(offer) == meaning(party == .caller ? legAnswer : callerOffer))
    #expect(origin(offer).contains(" 1 IN"))
    effects = []
    let moved = AgentWorld.sdp(port: 7004)
    media.accepted(by: party, moved, &effects)
    guard case .offer(other, let passed)? = effects.first else { throw Missing(text: "none") }
    #expect(meaning(passed) == meaning(moved))
  }

  @Test mutating func twoRefreshesAtOnceFollowOneAnother() throws {
    // U-50: what the first one brings is in the second.
    _ = join()
    var effects: [Effect] = []
    media.refreshDue(with: .leg(leg), &effects)
    media.refreshDue(with: .caller, &effects)
    #expect(effects.count == 1)
    effects = []
    media.accepted(by: .leg(leg), AgentWorld.sdp(port: 6004), &effects)
    guard effects.count == 1, case .offer(.caller, let offer)? = effects.first else {
      throw Missing(text: "\(effects)")
    }
    #expect(meaning(offer).contains("m=audio 6004"))
    // The same without news, and with a refusal.
    for isRefused in [false, true] {
      effects = []
      media.accepted(by: .caller, callerOffer, &effects)
      media.refreshDue(with: .leg(leg), &effects)
      media.refreshDue(with: .caller, &effects)
      effects = []
      if isRefused {
        media.refused(by: .leg(leg), code: 500, &effects)
      } else {
        media.accepted(by: .leg(leg), AgentWorld.sdp(port: 6004), &effects)
      }
      #expect(effects == [.offer(.caller, offer)])
    }
  }

  @Test mutating func aRefreshThatWaitsIsNotForgottenWhenTheOtherOneIsDue() {
    _ = join()
    var effects: [Effect] = []
    media.offered(by: .leg(leg), [], &effects)
    media.refreshDue(with: .caller, &effects)
    media.refreshDue(with: .leg(leg), &effects)
    effects = []
    media.acknowledged(by: .leg(leg), legAnswer, &effects)
    #expect(effects.count == 1)
    guard case .offer(.caller, _)? = effects.first else {
      return #expect(Bool(false), "the caller's session is not refreshed: \(effects)")
    }
  }

  @Test mutating func whatIsPassedOnRefreshesAsWell() {
    _ = join()
    var effects: [Effect] = []
    media.offered(by: .leg(leg), [], &effects)
    media.refreshDue(with: .caller, &effects)
    // Its ACK is lost.
    media.offered(by: .leg(leg), AgentWorld.sdp(port: 6004), &effects)
    effects = []
    media.accepted(by: .caller, callerOffer, &effects)
    #expect(effects.count == 1)
    guard case .answer(.leg(leg), _)? = effects.first else {
      return #expect(Bool(false), "the leg is not answered alone: \(effects)")
    }
  }

  @Test mutating func aRefreshAfterARefusedOfferIsANewVersion() throws {
    // RFC 3264 §8: the version counts from what was said last, be it refused.
    _ = join()
    var effects: [Effect] = []
    media.offered(by: .caller, AgentWorld.sdp(port: 4002), &effects)
    media.refused(by: .leg(leg), code: 488, &effects)
    effects = []
    media.refreshDue(with: .leg(leg), &effects)
    guard case .offer(.leg(leg), let offer)? = effects.first else { throw Missing(text: "none") }
    #expect(meaning(offer) == meaning(callerOffer))
    #expect(origin(offer).contains(" 3 IN"))
  }

  @Test mutating func aSecondReInviteMeanwhileGets491() {
    // RFC 3261 §14.2
    _ = join()
    var effects: [Effect] = []
    media.offered(by: .leg(leg), AgentWorld.sdp(port: 6002), &effects)
    effects = []
    media.offered(by: .caller, AgentWorld.sdp(port: 4002), &effects)
    #expect(effects == [.refuse(.caller, code: 491)])
  }

  @Test mutating func aReInviteBeforeBridgingIsAnsweredHere() throws {
    // U-23
    media.callerSent(callerOffer)
    _ = media.offerForLeg(leg)
    _ = media.legAnswered(leg, legAnswer)
    var effects: [Effect] = []
    media.offered(by: .leg(leg), AgentWorld.sdp(port: 6002), &effects)
    guard case .answer(.leg(leg), let answer)? = effects.first else { throw Missing(text: "none") }
    #expect(meaning(answer).contains("a=inactive"))
  }

  @Test mutating func aReInviteWithoutAnOfferGetsOursAndTheAckIsPassedOn() throws {
    // RFC 3261 §14.2
    _ = join()
    var effects: [Effect] = []
    media.offered(by: .caller, [], &effects)
    guard case .answer(.caller, let offer)? = effects.first else { throw Missing(text: "none") }
    #expect(meaning(offer) == meaning(legAnswer))
    effects = []
    let moved = AgentWorld.sdp(port: 4400)
    media.acknowledged(by: .caller, moved, &effects)
    guard case .offer(.leg(leg), let passed)? = effects.first else { throw Missing(text: "none") }
    #expect(meaning(passed) == meaning(moved))
  }

  @Test mutating func aCallerWhoAskedALegThatLeftIsAnsweredHere() throws {
    _ = join()
    var effects: [Effect] = []
    media.offered(by: .caller, AgentWorld.sdp(port: 4002), &effects)
    effects = []
    media.unbridged(leg, &effects)
    guard case .answer(.caller, let answer)? = effects.first else { throw Missing(text: "none") }
    #expect(meaning(answer).contains("a=inactive"))
    effects = []
    media.accepted(by: .leg(leg), legAnswer, &effects)
    #expect(effects.isEmpty)
  }

  /// Found by the simulator (seed 372): the re-INVITE waited for the caller's ACK, and the callee hung up meanwhile.
  @Test mutating func aCallerIsNotJoinedToALegThatLeftBeforeItCouldBeAsked() throws {
    var effects = joinAnsweredCaller()
    guard case .offer(.caller, _)? = effects.first else { throw Missing(text: "no offer") }
    effects = []
    media.unbridged(leg, &effects)
    #expect(effects == [.withdraw(.caller)])
  }

  /// Found by the simulator: the leg was forgotten at its BYE, before the bridge was taken down.
  @Test mutating func aCallerIsNotJoinedToALegWhoseByeCameBeforeTheEndOfTheBridge() {
    var effects = joinAnsweredCaller()
    effects = []
    media.legGone(leg, &effects)
    media.unbridged(leg, &effects)
    #expect(effects == [.withdraw(.caller)])
  }

  @Test mutating func anAnswerThatTheCallerHasIsSaidAgainAndWhatIsNewComesByReInvite() {
    // U-21, RFC 3262 §5
    media.callerSent(callerOffer)
    _ = media.offerForLeg(leg)
    media.legSentEarly(leg, legAnswer)
    let early = media.earlyMediaForCaller(of: leg)
    media.callerHasAnswer(true)
    #expect(media.answerForCaller(with: leg) == early)
    var effects: [Effect] = []
    media.bridged(leg, &effects)
    #expect(effects.isEmpty)

    let other = AgentWorld.sdp(port: 6200)
    _ = media.legAnswered(leg, other)
    #expect(media.earlyMediaForCaller(of: leg) == nil)
    #expect(media.answerForCaller(with: leg) == early)
    media.bridged(leg, &effects)
    guard case .offer(.caller, let sdp)? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(meaning(sdp) == meaning(other))
  }

  @Test mutating func whatAPhoneRefusesToBeJoinedToIsTold() throws {
    var effects = joinAnsweredCaller()
    effects = []
    media.refused(by: .caller, code: 488, &effects)
    guard case .warn? = effects.first else { throw Missing(text: "no warning") }
  }
}
