import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Each dialog of an anchored call is negotiated by itself (spec U-23).
@Suite struct AnchoredMediaTests {
  private let leg = LegNumber(0)

  private func sdp(
    port: Int = 4_000, formats: String = "0 8 101", attributes: [String] = [],
    address: String = "10.0.0.7"
  ) -> [UInt8] {
    let lines =
      [
        "v=0", "o=phone 1 1 IN IP4 10.0.0.7", "s=-", "c=IN IP4 \(address)", "t=0 0",
        "m=audio \(port) RTP/AVP \(formats)",
      ] + (formats.contains("101") ? ["a=rtpmap:101 telephone-event/8000"] : []) + attributes
    return Array(lines.map { $0 + "\r\n" }.joined().utf8)
  }

  private func call() -> AnchoredMedia {
    var media = AnchoredMedia(callerStream: MediaID(1), origin: 100, settings: MediaSettings())
    media.opened(MediaID(1), port: 20_000)
    media.callerSent(sdp())
    media.addLeg(leg, stream: MediaID(2))
    media.opened(MediaID(2), port: 20_002)
    return media
  }

  // U-67
  @Test(arguments: Settings.RTPLock.allCases)
  func whoMayBeTakenForThePartyIsAMatterOfTheSetting(lock: Settings.RTPLock) {
    var settings = Settings()
    settings.rtpLock = lock
    var media = AnchoredMedia(
      callerStream: MediaID(1), origin: 100, settings: MediaSettings(settings))
    media.opened(MediaID(1), port: 20_000)
    media.callerSent(sdp())
    var effects: [MediaEffect] = []
    _ = media.answerForCaller(with: nil, &effects)
    #expect(descriptions(effects)[MediaID(1)]?.sender.lock == lock)
  }

  private func text(_ sdp: [UInt8]?) -> String { String(decoding: sdp ?? [], as: UTF8.self) }

  private func descriptions(_ effects: [MediaEffect]) -> [MediaID: StreamDescription] {
    var found: [MediaID: StreamDescription] = [:]
    for case .describe(let id, let description) in effects { found[id] = description }
    return found
  }

  // RFC 3550 §6.3.7: a world in which the caller's 200 to our re-INVITE came after our BYE (seed 7123585).
  @Test func aCallerWhoseAnswerComesAfterTheByeIsSentNothing() {
    var media = call()
    var effects: [MediaEffect] = []
    _ = media.answerForCaller(with: nil, &effects)
    media.callerLeft()
    effects = []
    media.accepted(by: .caller, sdp(port: 4_002), &effects)
    media.offered(by: .caller, sdp(port: 4_004), &effects)
    media.acknowledged(by: .caller, sdp(port: 4_006), &effects)
    #expect(descriptions(effects).isEmpty)
  }

  // U-24, U-50: a phone that moves when its session is refreshed is heard where it is (seed 10000595).
  @Test func anAnswerToARefreshIsRead() {
    var media = call()
    var effects: [MediaEffect] = []
    let answer = media.answerForCaller(with: nil, &effects)
    effects = []
    media.refreshDue(with: .caller, &effects)
    #expect(effects == [.offer(.caller, answer ?? [])])
    // It is under way, and does for two.
    media.refreshDue(with: .caller, &effects)
    #expect(effects.count == 1)
    media.accepted(by: .caller, sdp(port: 4_002), &effects)
    #expect(descriptions(effects)[MediaID(1)]?.remote?.port == 4_002)
  }

  @Test func bothPartiesAreShownStreamsOfOurs() {
    var media = call()
    var effects: [MediaEffect] = []
    let offer = text(media.offerForLeg(leg, isSpoken: false))
    #expect(offer.contains("m=audio 20002 RTP/AVP 0 8 101\r\n"))
    #expect(offer.contains("c=IN IP4 0.0.0.0\r\n"))
    #expect(media.legAnswered(leg, sdp(port: 6_000, formats: "8 101"), &effects))
    let answer = text(media.answerForCaller(with: leg, &effects))
    #expect(answer.contains("m=audio 20000 RTP/AVP 8 101\r\n"))
    media.bridged(leg, withheldKey: 42, &effects)
    #expect(effects.last == .join(MediaID(1), MediaID(2), withheldKey: 42))
    let told = descriptions(effects)
    #expect(told[MediaID(1)]?.outgoing.map(\.codec) == [.pcma, .telephoneEvent(rate: 8_000)])
    #expect(told[MediaID(2)]?.remote == SocketAddress(ipv4: 0x0a00_0007, port: 6_000))
    #expect(told[MediaID(2)]?.control?.port == 6_001)
  }

  // L-23
  @Test func aLegThatTakesNothingOfTheOfferIsNoUse() {
    var media = call()
    var effects: [MediaEffect] = []
    _ = media.offerForLeg(leg, isSpoken: true)
    #expect(!media.legAnswered(leg, sdp(formats: "18"), &effects))
    #expect(!media.legAnswered(leg, sdp(formats: "101"), &effects))
    #expect(!media.legAnswered(leg, [], &effects))
    #expect(effects.isEmpty)
  }

  // U-23
  @Test func aHoldIsAnsweredHereAndTheOtherPartyHearsNothingOfIt() {
    var media = call()
    var effects: [MediaEffect] = []
    _ = media.offerForLeg(leg, isSpoken: false)
    _ = media.legAnswered(leg, sdp(port: 6_000), &effects)
    _ = media.answerForCaller(with: leg, &effects)
    media.bridged(leg, withheldKey: 0, &effects)
    effects = []
    media.offered(by: .caller, sdp(attributes: ["a=sendonly"]), &effects)
    guard case .answer(.caller, let answer)? = effects.first else {
      Issue.record("it is not answered")
      return
    }
    #expect(text(answer).contains("a=recvonly\r\n"))
    let told = descriptions(effects)
    #expect(told[MediaID(1)]?.sends == false && told[MediaID(1)]?.receives == true)
    #expect(told[MediaID(2)] == nil)
    #expect(effects.count == 2)
    effects = []
    media.offered(by: .caller, sdp(address: "0.0.0.0"), &effects)
    #expect(descriptions(effects)[MediaID(1)]?.remote == nil)
  }

  // RFC 3264 §8
  @Test func theVersionOfADescriptionGrowsOnlyWhenItChanges() {
    var media = call()
    var effects: [MediaEffect] = []
    let first = text(media.answerForCaller(with: nil, &effects))
    let again = text(media.answerForCaller(with: nil, &effects))
    #expect(first == again && first.contains("o=- 100 1 IN"))
    media.offered(by: .caller, sdp(formats: "8"), &effects)
    guard
      case .answer(_, let changed)? = effects.first(where: {
        if case .answer = $0 { true } else { false }
      })
    else {
      Issue.record("it is not answered")
      return
    }
    #expect(text(changed).contains("o=- 100 2 IN"))
  }

  @Test func anOfferOfNothingWeCanDoIsRefusedAndTheOldOneStands() {
    var media = call()
    var effects: [MediaEffect] = []
    _ = media.answerForCaller(with: nil, &effects)
    effects = []
    media.offered(by: .caller, sdp(formats: "18"), &effects)
    media.offered(by: .caller, sdp(port: 0), &effects)
    #expect(effects == [.refuse(.caller, code: 488), .refuse(.caller, code: 488)])
  }

  // RFC 3261 §14.2
  @Test func aReInviteWithoutAnOfferGetsOursAndItsAckIsTheAnswer() {
    var media = call()
    var effects: [MediaEffect] = []
    _ = media.answerForCaller(with: nil, &effects)
    effects = []
    media.offered(by: .caller, [], &effects)
    guard case .answer(.caller, let offer)? = effects.first else {
      Issue.record("it is not answered")
      return
    }
    #expect(text(offer).contains("m=audio 20000 RTP/AVP 0 8 101"))
    effects = []
    media.acknowledged(by: .caller, sdp(port: 4_400), &effects)
    #expect(descriptions(effects)[MediaID(1)]?.remote?.port == 4_400)
    media.acknowledged(by: .caller, sdp(port: 4_600), &effects)
    #expect(descriptions(effects)[MediaID(1)]?.remote?.port == 4_400)
  }

  @Test func otherStreamsOfAnOfferAreRefusedInTheirPlaces() {
    var media = AnchoredMedia(callerStream: MediaID(1), origin: 1, settings: MediaSettings())
    media.opened(MediaID(1), port: 20_000)
    let video = Array("m=video 5000 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n".utf8)
    let offer = sdp()
    let mark = offer.indices.first { offer[$0...].starts(with: Array("m=audio".utf8)) } ?? 0
    media.callerSent(Array(offer[..<mark]) + video + Array(offer[mark...]))
    var effects: [MediaEffect] = []
    let answer = text(media.answerForCaller(with: nil, &effects))
    let streams = answer.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("m=") }
    #expect(streams == ["m=video 0 RTP/AVP 99", "m=audio 20000 RTP/AVP 0 8 101"])
  }

  // RFC 3605
  @Test func anotherPortForReportsIsBelieved() {
    var media = call()
    var effects: [MediaEffect] = []
    _ = media.offerForLeg(leg, isSpoken: false)
    _ = media.legAnswered(
      leg, sdp(port: 6_000, attributes: ["a=rtcp:7001", "a=ptime:30"]), &effects)
    let told = descriptions(effects)[MediaID(2)]
    #expect(told?.control?.port == 7_001)
    #expect(told?.packetTime == 30)
  }

  // U-27, failures I-M2
  @Test func aCallerWhoHasLeftIsNotDescribedAgainWhenTheBridgeEnds() {
    var settings = MediaSettings()
    settings.silenceLimit = .seconds(30)
    let (stream, leg) = (MediaID(1), LegNumber(0))
    var media = AnchoredMedia(callerStream: stream, origin: 1, settings: settings)
    media.opened(stream, port: 20_000)
    media.callerSent(AgentWorld.offer)
    media.addLeg(leg, stream: MediaID(2))
    media.opened(MediaID(2), port: 20_002)
    _ = media.offerForLeg(leg, isSpoken: false)
    var effects: [MediaEffect] = []
    #expect(media.legAnswered(leg, AgentWorld.sdp(port: 6000), &effects))
    #expect(media.answerForCaller(with: leg, &effects) != nil)
    media.bridged(leg, withheldKey: 0, &effects)
    media.callerLeft()
    effects = []
    media.unbridged(leg, &effects)
    #expect(effects == [.part(stream)])
  }

  // L-6: a Say before the ACK would be said to nobody, so it waits (seeds 21014 and 60868 hear it).
  @Test func aCallerWithoutAnOfferIsUnknownUntilItsAcknowledgementAnswersOurs() {
    var media = AnchoredMedia(callerStream: MediaID(1), origin: 1, settings: MediaSettings())
    media.opened(MediaID(1), port: 20_000)
    #expect(!media.isUnknown(.caller))
    media.callerSent([])
    var effects: [MediaEffect] = []
    #expect(media.answerForCaller(with: nil, &effects) != nil)
    #expect(media.isUnknown(.caller))
    media.acknowledged(by: .caller, AgentWorld.offer, &effects)
    #expect(!media.isUnknown(.caller))
    guard case .describe(MediaID(1), _)? = effects.last else {
      Issue.record("it is not described")
      return
    }
  }
}
