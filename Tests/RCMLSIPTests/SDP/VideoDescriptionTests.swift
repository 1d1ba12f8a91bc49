import RCMLBasics
import Testing

@testable import RCMLSIP

/// Video that is passed on: what is believed of it, and how it is shown (RFC 3264, RFC 4566, RFC 4585).
struct VideoDescriptionTests {
  private static let head = SessionDescriptionTests.head
  private static let audio = SessionDescriptionTests.audio
  private static let video = [
    "m=video 5004 RTP/AVPF 97 98 34 120", "b=TIAS:500000", "a=rtpmap:97 H264/90000",
    "a=fmtp:97 profile-level-id=42e01f;packetization-mode=1", "a=rtpmap:98 rtx/90000",
    "a=fmtp:98 apt=97", "a=rtcp-fb:* ccm fir", "a=rtcp-fb:97 nack pli", "a=rtcp-fb:99 nack",
    "a=recvonly",
  ]

  private func video(_ lines: [String]) -> VideoDescription? {
    SessionDescription(reading: SessionDescriptionTests.body(lines))?.video
  }

  private func lines(_ sdp: [UInt8]) -> [String] {
    String(decoding: sdp, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
  }

  @Test func whatAnOfferSaysOfVideo() throws {
    let found = try #require(video(Self.head + Self.audio + Self.video))
    #expect(found.index == 1 && found.direction == .recvonly && found.profile.text == "RTP/AVPF")
    #expect(found.address == SocketAddress(ipv4: 0xc000_0201, port: 5_004))
    #expect(found.control?.port == 5_005)
    #expect(found.formats.map(\.payload) == [97, 98, 34])
    #expect(found.formats.map(\.encoding.text) == ["h264/90000", "rtx/90000", "h263/90000"])
    #expect(found.formats[1].parameters.text == "apt=97")
    #expect(found.feedback.map(\.text) == ["* ccm fir", "97 nack pli", "99 nack"])
    #expect(found.bandwidth.map(\.text) == ["TIAS:500000"])
  }

  /// The description itself may still be a good one.
  private static let useless: [[String]] = [
    [], ["m=video 0 RTP/AVP 97", "a=rtpmap:97 H264/90000"], ["m=video 5004 RTP/AVP 97"],
    ["m=video 5004 RTP/SAVP 97", "a=rtpmap:97 H264/90000"],
    ["m=video 5004 UDP/TLS/RTP/SAVPF 97", "a=rtpmap:97 H264/90000"],
    ["m=video 5004 RTP/AVP x", "a=rtpmap:97 H264/90000"],
    ["m=video 5004 RTP/AVP 128", "a=rtpmap:128 H264/90000"],
    ["m=image 5004 udptl t38"],
  ]

  @Test(arguments: useless.indices) func noVideoThatCouldBePassedOn(place: Int) {
    let lines = Self.head + Self.audio + Self.useless[place]
    #expect(video(lines) == nil)
    #expect(SessionDescription.check(SessionDescriptionTests.body(lines)).usableAudio != nil)
  }

  @Test func theFirstOneThatIsNotRefusedCounts() {
    let refused = ["m=video 0 RTP/AVP 34"]
    let found = video(Self.head + refused + Self.audio + Self.video + ["m=video 6 RTP/AVP 34"])
    #expect(found?.index == 2 && found?.address?.port == 5_004)
  }

  @Test func aStreamHasAnAddressOfItsOwn() {
    let found = video(
      Self.head + Self.audio + [
        "m=video 5004 RTP/AVP 34", "c=IN IP6 2001:db8::7", "a=rtcp:5100 IN IP6 2001:db8::7",
      ])
    #expect(found?.address?.addressText.text == "2001:db8::7" && found?.control?.port == 5_100)
  }

  @Test func feedbackWithoutEndIsBelievedUpToALimit() {
    let many = Array(repeating: "a=rtcp-fb:* nack", count: 300)
    let found = video(Self.head + Self.audio + ["m=video 5004 RTP/AVPF 34"] + many)
    #expect(found?.feedback.count == 64)
  }

  // MARK: how it is shown

  private func read(_ lines: [String]) -> SessionDescription? {
    SessionDescription(reading: SessionDescriptionTests.body(lines))
  }

  private func planned(_ video: VideoPlan?, _ places: SDPPlaces) -> [String] {
    let origin = SDPOrigin(sessionID: 7, address: SocketAddress(ipv4: 0, port: 0))
    return lines(
      SDPDraft.planned(Self.plan, video: video, places).written(by: origin, version: 1))
  }

  private static let plan = AudioPlan(port: 20_000, formats: [.pcmu], direction: .sendrecv)
  private static func shown(_ port: UInt16 = 20_004) -> VideoPlan {
    VideoPlan(
      port: port, profile: Array("RTP/AVPF".utf8),
      formats: [
        AudioFormat(97, Array("h264/90000".utf8), parameters: Array("packetization-mode=1".utf8))
      ], direction: .sendonly,
      feedback: ["* ccm fir", "97 nack pli", "99 nack", "x"].map { Array($0.utf8) },
      bandwidth: [Array("TIAS:500000".utf8)])
  }
  private static let ours = [
    "m=video 20004 RTP/AVPF 97", "b=TIAS:500000", "a=rtpmap:97 h264/90000",
    "a=fmtp:97 packetization-mode=1", "a=rtcp-fb:* ccm fir", "a=rtcp-fb:97 nack pli", "a=sendonly",
  ]

  @Test func aFirstOfferHasVideoBehindAudio() {
    let offer = planned(Self.shown(), .offer(after: nil))
    #expect(offer.suffix(Self.ours.count) == Self.ours[...])
    #expect(offer[5] == "m=audio 20000 RTP/AVP 0")
    let read = video(offer)
    #expect(read?.index == 1 && read?.formats == Self.shown().formats)
  }

  @Test func anAnswerKeepsTheOrderAndRefusesTheRest() {
    // RFC 3264 §6
    let offer =
      Self.head + ["m=video 0 RTP/AVP 34"] + Self.video + Self.audio + [
        "m=video 6 RTP/AVP 34", "m=image 7 udptl t38", "m=audio 9 RTP/AVP 0",
      ]
    func streams(_ plan: VideoPlan?) -> [String] {
      read(offer).map { planned(plan, .answer(to: $0)).filter { $0.hasPrefix("m=") } } ?? []
    }
    let rest = [
      "m=audio 20000 RTP/AVP 0", "m=video 0 RTP/AVP 34", "m=image 0 udptl t38",
      "m=audio 0 RTP/AVP 0",
    ]
    #expect(
      streams(Self.shown()) == ["m=video 0 RTP/AVP 34", "m=video 20004 RTP/AVPF 97"] + rest)
    #expect(streams(nil) == ["m=video 0 RTP/AVP 34", "m=video 0 RTP/AVPF 97"] + rest)
  }

  @Test func aLaterOfferKeepsThePlacesOfTheOneBefore() {
    // RFC 3264 §8
    let before = Self.head + Self.video + ["m=image 7 udptl t38"] + Self.audio
    func streams(_ plan: VideoPlan?, after: [String]) -> [String] {
      planned(plan, .offer(after: read(after))).filter { $0.hasPrefix("m=") }
    }
    let rest = ["m=image 0 udptl t38", "m=audio 20000 RTP/AVP 0"]
    #expect(streams(Self.shown(), after: before) == ["m=video 20004 RTP/AVPF 97"] + rest)
    #expect(streams(nil, after: before) == ["m=video 0 RTP/AVPF 97"] + rest)
    // A place that was refused is used again, and one that was not there comes last.
    let refused = Self.head + ["m=video 0 RTP/AVP 34"] + Self.audio
    #expect(
      streams(Self.shown(), after: refused)
        == ["m=video 20004 RTP/AVPF 97", "m=audio 20000 RTP/AVP 0"])
    #expect(
      streams(Self.shown(), after: Self.head + Self.audio)
        == ["m=audio 20000 RTP/AVP 0", "m=video 20004 RTP/AVPF 97"])
  }
}
