import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Video of an anchored call: one stream a party, where both agree (RFC 3264, spec U-23).
@Suite struct AnchoredVideoTests {
  private let leg = LegNumber(0)
  private static let h264 = [
    "m=video 5004 RTP/AVPF 97 98", "a=rtpmap:97 H264/90000", "a=fmtp:97 packetization-mode=1",
    "a=rtpmap:98 VP8/90000", "a=rtcp-fb:* nack pli",
  ]

  private func sdp(_ more: [String], port: Int = 4_000, direction: String = "sendrecv") -> [UInt8] {
    let lines =
      [
        "v=0", "o=phone 1 1 IN IP4 10.0.0.7", "s=-", "c=IN IP4 10.0.0.7", "t=0 0",
        "m=audio \(port) RTP/AVP 0", "a=\(direction)",
      ] + more
    return Array(lines.map { $0 + "\r\n" }.joined().utf8)
  }

  /// A caller that offers this, and a leg that is about to be dialled: streams 1 to 4, ports 20,000 to 20,006.
  private func call(_ video: [String] = h264) -> AnchoredMedia {
    var media = AnchoredMedia(callerStream: MediaID(1), origin: 100, settings: MediaSettings())
    media.opened(MediaID(1), port: 20_000)
    media.callerSent(sdp(video))
    prepare(&media)
    return media
  }

  private func prepare(_ media: inout AnchoredMedia) {
    media.addLeg(leg, stream: MediaID(2))
    media.opened(MediaID(2), port: 20_002)
    for (id, port) in [(3, 20_004), (4, 20_006)] as [(UInt64, UInt16)] {
      guard let party = media.partyWithoutVideo(dialling: leg) else { return }
      media.addVideo(of: party, stream: MediaID(id))
      media.opened(MediaID(id), port: port)
    }
  }

  private func lines(_ sdp: [UInt8]?) -> [String] {
    String(decoding: sdp ?? [], as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
  }

  private func streams(_ sdp: [UInt8]?) -> [String] { lines(sdp).filter { $0.hasPrefix("m=") } }

  private func descriptions(_ effects: [MediaEffect]) -> [MediaID: StreamDescription] {
    var found: [MediaID: StreamDescription] = [:]
    for case .describe(let id, let description) in effects { found[id] = description }
    return found
  }

  private func answers(_ effects: [MediaEffect]) -> [[UInt8]] {
    effects.compactMap { if case .answer(_, let sdp) = $0 { sdp } else { nil } }
  }

  @Test func theLegIsOfferedWhatTheCallerOffersAndTheCallerGetsWhatTheLegTakes() {
    var media = call()
    var effects: [MediaEffect] = []
    let offer = lines(media.offerForLeg(leg, isSpoken: true))
    #expect(
      offer.suffix(7) == [
        "a=sendrecv", "m=video 20006 RTP/AVPF 97 98", "a=rtpmap:97 h264/90000",
        "a=fmtp:97 packetization-mode=1", "a=rtpmap:98 vp8/90000", "a=rtcp-fb:* nack pli",
        "a=sendrecv",
      ])
    let taken = ["m=video 6004 RTP/AVPF 97", "a=rtpmap:97 H264/90000", "a=fmtp:97 profile=1"]
    #expect(media.legAnswered(leg, sdp(taken), &effects))
    let answer = lines(media.answerForCaller(with: leg, &effects))
    #expect(
      answer.suffix(4) == [
        "m=video 20004 RTP/AVPF 97", "a=rtpmap:97 h264/90000", "a=fmtp:97 profile=1", "a=sendrecv",
      ])
    media.bridged(leg, withheldKey: 0, &effects)
    #expect(effects.last == .join(MediaID(3), MediaID(4), withheldKey: 0))
    let told = descriptions(effects)
    let here = SocketAddress(ipv4: 0x0a00_0007, port: 5_004)
    #expect(told[MediaID(3)]?.remote == here && told[MediaID(3)]?.control?.port == 5_005)
    #expect(told[MediaID(4)]?.remote?.port == 6_004)
    #expect(told[MediaID(4)]?.outgoing == [.init(97, .other(Array("h264/90000".utf8)))])
    #expect(
      told.filter { $0.value.isUntouched }.keys.sorted { $0.number < $1.number }
        == [MediaID(3), MediaID(4)])
    effects = []
    media.unbridged(leg, &effects)
    #expect(effects == [.part(MediaID(1)), .part(MediaID(3))])
    effects = []
    media.legGone(leg, &effects)
    #expect(effects == [.close(MediaID(2)), .close(MediaID(4))])
    #expect(media.streams == [MediaID(1), MediaID(3)])
  }

  /// What the leg answers, and what the caller is answered then.
  private static let refusals: [([String], String)] = [
    ([], "m=video 0 RTP/AVPF 97"), (["m=video 0 RTP/AVPF 97"], "m=video 0 RTP/AVPF 97"),
    (["m=video 6004 RTP/AVP 97", "a=rtpmap:97 H264/90000"], "m=video 0 RTP/AVPF 97"),
    (["m=video 6004 RTP/AVPF 31"], "m=video 0 RTP/AVPF 97"),
    (["m=video 6004 RTP/AVPF 120", "a=rtpmap:120 VP8/90000"], "m=video 20004 RTP/AVPF 98"),
    (["m=video 6004 RTP/AVPF 98", "a=rtpmap:98 VP8/90000"], "m=video 20004 RTP/AVPF 98"),
  ]

  @Test(arguments: refusals.indices) func withoutAgreementThereIsNone(place: Int) {
    let (taken, shown) = Self.refusals[place]
    var media = call()
    var effects: [MediaEffect] = []
    _ = media.offerForLeg(leg, isSpoken: false)
    #expect(media.legAnswered(leg, sdp(taken), &effects))
    #expect(streams(media.answerForCaller(with: leg, &effects)).last == shown)
    media.bridged(leg, withheldKey: 0, &effects)
    let isJoined = effects.contains(.join(MediaID(3), MediaID(4), withheldKey: 0))
    #expect(isJoined == !shown.hasPrefix("m=video 0 "))
    if !isJoined { #expect(descriptions(effects).values.allSatisfy { !$0.isUntouched }) }
  }

  @Test func aSecondVideoAndOtherStreamsAreRefusedInTheirPlaces() {
    var media = call(
      ["m=application 9 UDP/BFCP *"] + Self.h264 + ["m=video 5008 RTP/AVP 34"])
    var effects: [MediaEffect] = []
    #expect(
      streams(media.offerForLeg(leg, isSpoken: false))
        == ["m=audio 20002 RTP/AVP 0 8 101", "m=video 20006 RTP/AVPF 97 98"])
    _ = media.legAnswered(leg, sdp(Self.h264), &effects)
    #expect(
      streams(media.answerForCaller(with: leg, &effects)) == [
        "m=audio 20000 RTP/AVP 0", "m=application 0 UDP/BFCP *", "m=video 20004 RTP/AVPF 97 98",
        "m=video 0 RTP/AVP 34",
      ])
  }

  @Test func withoutAPortTheCallHasSoundAlone() {
    for missing in [MediaID(3), MediaID(4)] {
      var media = AnchoredMedia(callerStream: MediaID(1), origin: 1, settings: MediaSettings())
      media.opened(MediaID(1), port: 20_000)
      media.callerSent(sdp(Self.h264))
      media.addLeg(leg, stream: MediaID(2))
      media.opened(MediaID(2), port: 20_002)
      for id in [MediaID(3), MediaID(4)] {
        guard let party = media.partyWithoutVideo(dialling: leg) else { break }
        media.addVideo(of: party, stream: id)
        if id != missing { media.opened(id, port: 20_004) }
      }
      #expect(media.partyWithoutVideo(dialling: leg) == nil)
      #expect(streams(media.offerForLeg(leg, isSpoken: false)).count == 1)
    }
  }

  // U-23
  @Test func aHoldOfVideoIsAnsweredHere() throws {
    var media = call()
    var effects: [MediaEffect] = []
    _ = media.offerForLeg(leg, isSpoken: false)
    _ = media.legAnswered(leg, sdp(Self.h264), &effects)
    _ = media.answerForCaller(with: leg, &effects)
    media.bridged(leg, withheldKey: 0, &effects)
    effects = []
    media.offered(by: .caller, sdp(Self.h264 + ["a=sendonly"]), &effects)
    let held = try #require(answers(effects).first)
    #expect(lines(held).suffix(1) == ["a=recvonly"])
    #expect(descriptions(effects)[MediaID(3)]?.sends == false)
    #expect(descriptions(effects)[MediaID(4)] == nil)
    // It comes back without video, and then with it.
    effects = []
    media.offered(by: .caller, sdp([]), &effects)
    #expect(answers(effects).first.map { streams($0).count } == 1)
    #expect(descriptions(effects)[MediaID(3)]?.remote == nil)
    effects = []
    media.offered(by: .caller, sdp(Self.h264, port: 4_100), &effects)
    #expect(answers(effects).first.map { streams($0).last } == "m=video 20004 RTP/AVPF 97 98")
    #expect(descriptions(effects)[MediaID(3)]?.remote?.port == 5_004)
    #expect(effects.last == .join(MediaID(3), MediaID(4), withheldKey: 0))
    // Asked for an offer, we offer what there is, and its ACK may refuse.
    effects = []
    media.offered(by: .leg(leg), [], &effects)
    #expect(answers(effects).first.map { streams($0).last } == "m=video 20006 RTP/AVPF 97 98")
    media.acknowledged(by: .leg(leg), sdp(["m=video 0 RTP/AVPF 97"]), &effects)
    #expect(descriptions(effects)[MediaID(4)]?.remote == nil)
  }

  // RFC 3264 §8
  @Test(arguments: [false, true])
  func aCallerThatWasAnsweredByUsIsAskedOnceSomebodyIsThere(refuses: Bool) throws {
    var media = AnchoredMedia(callerStream: MediaID(1), origin: 1, settings: MediaSettings())
    media.opened(MediaID(1), port: 20_000)
    media.callerSent(sdp(Self.h264))
    var effects: [MediaEffect] = []
    #expect(streams(media.answerForCaller(with: nil, &effects)).last == "m=video 0 RTP/AVPF 97")
    prepare(&media)
    _ = media.offerForLeg(leg, isSpoken: false)
    _ = media.legAnswered(leg, sdp(Self.h264), &effects)
    effects = []
    media.bridged(leg, withheldKey: 0, &effects)
    guard case .offer(.caller, let offer)? = effects.last else {
      Issue.record("it is not asked: \(effects)")
      return
    }
    #expect(
      streams(offer) == ["m=audio 20000 RTP/AVP 0", "m=video 20004 RTP/AVPF 97 98"])
    // Nothing is sent before it agrees.
    #expect(descriptions(effects)[MediaID(3)] == nil)
    if refuses {
      media.refused(by: .caller, code: 488, &effects)
      return #expect(!effects.contains { if case .warn = $0 { true } else { false } })
    }
    effects = []
    media.accepted(by: .caller, sdp(Self.h264), &effects)
    #expect(descriptions(effects)[MediaID(3)]?.remote?.port == 5_004)
    #expect(effects.last == .join(MediaID(3), MediaID(4), withheldKey: 0))
    effects = []
    media.callerLeft()
    media.bridged(leg, withheldKey: 0, &effects)
    #expect(effects == [.join(MediaID(1), MediaID(2), withheldKey: 0)])
  }

  // RFC 4566 §5.14: a world in which the caller kept its media at a phone that had left (seed 70048400).
  @Test func aCallerThatRefusedToComeHereIsOfferedSoundBesideTheVideo() {
    var direct = DirectMedia(origin: 100, address: AgentWorld.place(5060))
    direct.callerSent(sdp(Self.h264))
    _ = direct.offerForLeg(leg)
    _ = direct.legAnswered(leg, sdp(Self.h264, port: 6_000))
    _ = direct.answerForCaller(with: leg)
    var effects: [MediaEffect] = []
    direct.legGone(leg, &effects)
    var media = AnchoredMedia(callerStream: MediaID(1), after: direct, settings: MediaSettings())
    media.opened(MediaID(1), port: 20_000)
    media.offerToAnsweredCaller(&effects)
    media.refused(by: .caller, code: 500, &effects)
    prepare(&media)
    _ = media.offerForLeg(leg, isSpoken: false)
    #expect(media.legAnswered(leg, sdp(Self.h264), &effects))
    effects = []
    media.bridged(leg, withheldKey: 0, &effects)
    let offers: [[UInt8]] = effects.compactMap {
      if case .offer(.caller, let sdp) = $0 { sdp } else { nil }
    }
    #expect(
      streams(offers.first) == [
        "m=audio 20000 RTP/AVP 0 8 101", "m=video 20004 RTP/AVPF 97 98",
      ])
  }

  @Test func aCallerThatOnlySendsIsSentNothing() {
    var media = call(Self.h264 + ["a=sendonly"])
    var effects: [MediaEffect] = []
    #expect(lines(media.offerForLeg(leg, isSpoken: false)).last == "a=sendonly")
    _ = media.legAnswered(leg, sdp(Self.h264 + ["a=recvonly"]), &effects)
    #expect(lines(media.answerForCaller(with: leg, &effects)).last == "a=recvonly")
    #expect(descriptions(effects)[MediaID(3)]?.sends == false)
    #expect(descriptions(effects)[MediaID(4)]?.receives == false)
  }
}
