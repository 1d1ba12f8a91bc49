import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Offers and answers of whole calls (spec U-50 … U-54, RFC 3264, RFC 3261 §14).
struct NegotiationTests {
  private static func text(_ sdp: [UInt8]?) -> String { String(decoding: sdp ?? [], as: UTF8.self) }

  private static func streams(_ sdp: [UInt8]?) -> [String] {
    text(sdp).split(whereSeparator: \.isNewline).filter { $0.hasPrefix("m=") }.map(String.init)
  }

  private static func direction(_ sdp: [UInt8]?) -> String? {
    text(sdp).split(whereSeparator: \.isNewline).map(String.init).last {
      ["a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"].contains($0)
    }
  }

  private static func description(_ streams: String...) -> [UInt8] {
    let head = ["v=0", "o=phone 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
    return Array((head + streams).map { $0 + "\r\n" }.joined().utf8)
  }

  private static let crypto =
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"

  private static func accepted(_ phone: Phone) -> [[UInt8]] {
    phone.events.compactMap { if case .offerAccepted(let body) = $0 { body } else { nil } }
  }

  private static func refused(_ phone: Phone) -> [UInt16] {
    phone.events.compactMap { if case .offerRefused(let code) = $0 { code } else { nil } }
  }

  private static func end(_ world: AgentWorld, _ caller: Phone) {
    #expect(!caller.wasHungUp)
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // MARK: U-50

  @Test func aRefusedReINVITEOfTheCalleeLeavesTheAgreedSession() {
    // U-50: T.38 that the caller refuses, and then a refresh of the audio session.
    let (world, caller, callee) = MediaTests.bridged()
    caller.script.refusesOffers = 488
    callee.offer(Self.description("m=audio 0 RTP/AVP 0", "m=image 40002 udptl t38"))
    world.run(.seconds(1))
    #expect(Self.refused(callee) == [488])
    caller.script.refusesOffers = nil
    callee.offer(callee.script.media)
    world.run(.seconds(1))
    #expect(Self.streams(caller.offers.last).first == "m=audio 6000 RTP/AVP 0 8 101")
    Self.end(world, caller)
  }

  @Test func aRefusedReINVITEOfTheCallerIsNotToldAgain() {
    // U-50: the old description is offered again
    var script = Phone.Script.answers()
    script.refusesOffers = 488
    let (world, caller, callee) = MediaTests.bridged(script)
    caller.offer(AgentWorld.sdp(port: 9))
    world.run(.seconds(1))
    #expect(Self.refused(caller) == [488])
    callee.script.refusesOffers = nil
    caller.offer(AgentWorld.offer)
    world.run(.seconds(1))
    #expect(Self.streams(callee.offers.last) == ["m=audio 4000 RTP/AVP 0 8 101"])
    Self.end(world, caller)
  }

  @Test func whoAsksForAnOfferIsNotOfferedWhatItRefused() {
    // U-50: a re-INVITE without a description
    var script = Phone.Script.answers()
    script.refusesOffers = 488
    let (world, caller, callee) = MediaTests.bridged(script)
    caller.offer(AgentWorld.sdp(port: 9))
    world.run(.seconds(1))
    callee.script.answerInAck = callee.script.media
    callee.offer([])
    world.run(.seconds(1))
    #expect(Self.streams(Self.accepted(callee).last) == ["m=audio 4000 RTP/AVP 0 8 101"])
    Self.end(world, caller)
  }

  @Test func whatTheFirstLegRefusedIsNotOfferedToTheSecond() {
    // U-50, L-45: each Dial begins with what the caller agreed to.
    let world = AgentWorld(settings: [("media", "direct")])
    world.document(AgentWorld.dial(5081, then: "<Dial><Sip>sip:b@127.0.0.1:5082</Sip></Dial>"))
    let first = world.phone(5081, .answers())
    first.script.refusesOffers = 488
    let second = world.phone(5082, .answers(port: 6100))
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    caller.call()
    world.run(.seconds(2))
    caller.offer(AgentWorld.sdp(port: 9))
    world.run(.seconds(1))
    first.hangUp()
    world.run(.seconds(3))
    #expect(Self.streams(second.invites.first?.body) == ["m=audio 4000 RTP/AVP 0 8 101"])
    Self.end(world, caller)
  }

  @Test(arguments: ["direct", "anchored"])
  func aStreamThatNobodyAskedForIsNotPassedOn(mode: String) {
    // RFC 3264 §6: an answer has as many streams as its offer, whatever the other phone says.
    let world = AgentWorld(settings: [("media", mode)])
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    callee.script.media += Array("m=video 6100 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n".utf8)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(Self.streams(caller.answerBody).count == 1)
    #expect(caller.offers.isEmpty && callee.offers.isEmpty)
    Self.end(world, caller)
  }

  @Test func aStreamThatTheOtherPhoneForgotIsRefusedInItsPlace() {
    // RFC 3264 §6
    let world = AgentWorld(settings: [("media", "direct")])
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call(
      AgentWorld.offer + Array("m=video 4100 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n".utf8))
    world.run(.seconds(2))
    #expect(
      Self.streams(caller.answerBody) == ["m=audio 6000 RTP/AVP 0 8 101", "m=video 0 RTP/AVP 97"])
    #expect(caller.offers.isEmpty && callee.offers.isEmpty)
    Self.end(world, caller)
  }

  // MARK: U-51

  private static let mirrored = [
    ("sendonly", ["a=recvonly", "a=inactive"]), ("recvonly", ["a=sendonly", "a=inactive"]),
    ("inactive", ["a=inactive"]),
  ]

  @Test(arguments: mirrored.indices, ["direct", "anchored"])
  func theFirstAnswerMirrorsTheCallersOffer(place: Int, mode: String) {
    // U-51
    let (offered, allowed) = Self.mirrored[place]
    let world = AgentWorld(settings: [("media", mode)])
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call(AgentWorld.sdp(port: 4000, direction: offered))
    world.run(.seconds(2))
    #expect(Self.direction(callee.invites.first?.body) ?? "a=sendrecv" == "a=sendrecv")
    #expect(allowed.contains(Self.direction(caller.answerBody) ?? ""))
    #expect(caller.offers.isEmpty && callee.offers.isEmpty)
    Self.end(world, caller)
  }

  @Test(arguments: mirrored.indices, ["direct", "anchored"])
  func earlyMediaMirrorsTheCallersOffer(place: Int, mode: String) {
    // U-51, U-20
    let (offered, allowed) = Self.mirrored[place]
    let world = AgentWorld(settings: [("media", mode)])
    world.document(AgentWorld.dial(5081))
    var script = Phone.Script()
    script.ringCode = 183
    script.ringsWithMedia = true
    _ = world.phone(5081, script)
    let caller = world.phone(5070)
    caller.call(AgentWorld.sdp(port: 4000, direction: offered))
    world.run(.seconds(1))
    let early = caller.events.compactMap { event -> [UInt8]? in
      if case .provisional(183, let body) = event { body } else { nil }
    }
    #expect(allowed.contains(Self.direction(early.last) ?? ""))
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func anAnswerThatDoesNotMirrorIsMadeToWhereItPasses() {
    // U-51: the callee does not care for the hold it was told of.
    let (world, caller, _) = MediaTests.bridged()
    caller.offer(AgentWorld.sdp(port: 4000, direction: "sendonly"))
    world.run(.seconds(1))
    #expect(Self.direction(Self.accepted(caller).last) == "a=recvonly")
    Self.end(world, caller)
  }

  // MARK: U-52

  @Test(arguments: ["direct", "anchored"])
  func whoAsksForAnOfferAfterItsHoldIsOfferedEverything(mode: String) {
    // U-52
    let world = AgentWorld(settings: [("media", mode)])
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    callee.script.media = AgentWorld.sdp(port: 6000, direction: "recvonly")
    caller.offer(AgentWorld.sdp(port: 4000, direction: "sendonly"))
    world.run(.seconds(1))
    #expect(Self.direction(Self.accepted(caller).last) == "a=recvonly")
    callee.script.media = AgentWorld.sdp(port: 6000)
    caller.script.answerInAck = AgentWorld.offer
    caller.offer([])
    world.run(.seconds(1))
    #expect(Self.direction(Self.accepted(caller).last) == "a=sendrecv")
    if mode == "direct" { #expect(Self.direction(callee.offers.last) == "a=sendrecv") }
    Self.end(world, caller)
  }

  @Test func whoAsksForAnOfferIsToldThatTheOtherOneHolds() {
    // U-52
    let (world, caller, callee) = MediaTests.bridged()
    caller.script.media = AgentWorld.sdp(port: 4000, direction: "recvonly")
    callee.offer(AgentWorld.sdp(port: 6000, direction: "sendonly"))
    world.run(.seconds(1))
    caller.script.answerInAck = caller.script.media
    caller.offer([])
    world.run(.seconds(1))
    #expect(Self.direction(Self.accepted(caller).last) == "a=sendonly")
    #expect(callee.offers.isEmpty)
    Self.end(world, caller)
  }

  @Test func anOfferOnRequestHasMoreThanTheLastAnswerTook() {
    // U-52, RFC 6337 §5.1: the caller once agreed to one format only.
    let world = AgentWorld(settings: [("media", "anchored")])
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call(Self.description("m=audio 4000 RTP/AVP 8"))
    world.run(.seconds(2))
    caller.script.answerInAck = AgentWorld.offer
    caller.offer([])
    world.run(.seconds(1))
    let words = Self.streams(Self.accepted(caller).last).joined().split(separator: " ")
    #expect(Set(words.dropFirst(3)) == ["0", "8", "101"])
    Self.end(world, caller)
  }

  // MARK: U-53

  private static let foreign = [
    "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "TCP/RTP/AVP", "UNKNOWN",
  ]

  @Test(arguments: foreign)
  func anOfferOfAnotherProfileAloneIsRefused(profile: String) {
    // U-53
    let world = AgentWorld()
    world.document("<Response><Gather numDigits=\"1\" timeout=\"1\"/></Response>")
    let caller = world.phone(5070)
    caller.call(
      Self.description(
        "m=audio 4000 \(profile) 0 101", "a=rtpmap:0 PCMU/8000", Self.crypto,
        "a=fingerprint:sha-256 AA:BB"))
    world.run(.seconds(1))
    #expect(caller.finalCode == 488)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test(arguments: ["direct", "anchored"])
  func ofTwoStreamsTheServedOneIsTaken(mode: String) {
    // U-53: encryption where both can do it.
    let offer = Self.description(
      "m=audio 4002 RTP/SAVP 0", Self.crypto, "m=audio 4000 RTP/AVP 0 101",
      "a=rtpmap:101 telephone-event/8000")
    let world = AgentWorld(settings: [("media", mode)])
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    callee.script.media =
      mode == "direct"
      ? Self.description("m=audio 0 RTP/SAVP 0", "m=audio 6000 RTP/AVP 0 101")
      : AgentWorld.sdp(port: 6000)
    let caller = world.phone(5070)
    caller.call(offer)
    world.run(.seconds(2))
    let answer = Self.streams(caller.answerBody)
    #expect(answer.count == 2 && answer.first == "m=audio 0 RTP/SAVP 0")
    #expect(
      answer.last?.hasPrefix("m=audio 0") == false
        && answer.last?.hasSuffix(" RTP/AVP 0 101") == true)
    let offered = Self.text(callee.invites.first?.body)
    #expect(!offered.contains("a=crypto"))
    Self.end(world, caller)
  }

  @Test func aSoundWithFeedbackIsServedUnderItsName() {
    // U-53
    let world = AgentWorld(settings: [("media", "anchored")])
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call(Self.description("m=audio 4000 RTP/AVPF 0"))
    world.run(.seconds(2))
    #expect(Self.streams(caller.answerBody).first?.hasSuffix(" RTP/AVPF 0") == true)
    Self.end(world, caller)
  }

  @Test(arguments: ["direct", "anchored"])
  func aLegThatAnswersWithAnotherProfileHasFailed(mode: String) {
    // U-53, L-23
    let world = AgentWorld(settings: [("media", mode)])
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    callee.script.media = Self.description("m=audio 6000 RTP/SAVP 0", Self.crypto)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(callee.wasHungUp && caller.finalCode != 200)
    #expect(world.legEvents.last == "completed 0 failed")
    #expect(!world.legEvents.contains("answered 0"))
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test(arguments: ["direct", "anchored"])
  func aReINVITEThatTurnsToAnotherProfileIsRefusedAndTheSessionStays(mode: String) {
    // U-53, U-50
    let world = AgentWorld(settings: [("media", mode)])
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    caller.call()
    world.run(.seconds(2))
    for phone in [caller, callee] {
      phone.offer(Self.description("m=audio 4000 RTP/SAVP 0", Self.crypto))
      world.run(.seconds(1))
      #expect(Self.refused(phone) == [488])
      phone.offer(phone.script.media)
      world.run(.seconds(1))
      #expect(Self.accepted(phone).count == 1)
    }
    for sdp in caller.offers + callee.offers { #expect(!Self.text(sdp).contains("SAVP")) }
    Self.end(world, caller)
  }

  @Test(arguments: ["direct", "anchored"])
  func anAcknowledgementThatAnswersWithAnotherProfileIsNone(mode: String) {
    // U-53: late answers
    let world = AgentWorld(settings: [("media", mode)])
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    caller.call()
    world.run(.seconds(2))
    caller.script.answerInAck = Self.description("m=audio 4000 RTP/SAVP 0", Self.crypto)
    caller.offer([])
    world.run(.seconds(1))
    #expect(callee.offers.isEmpty)
    #expect(world.findings.map(\.code) == [.mediaRefused])
    Self.end(world, caller)
  }

  // MARK: U-54

  /// The callee thinks about the caller's hold.
  private static func held(_ delay: Interval) -> (world: AgentWorld, caller: Phone, callee: Phone) {
    var script = Phone.Script.answers()
    script.offerDelay = delay
    let (world, caller, callee) = MediaTests.bridged(script)
    caller.offer(AgentWorld.sdp(port: 4000, direction: "sendonly"))
    return (world, caller, callee)
  }

  @Test func aReINVITEThatIsCancelledIsCancelledAtTheOtherPhone() throws {
    // U-54
    let (world, caller, callee) = Self.held(.seconds(1))
    world.run(.milliseconds(500))
    caller.userAgent.cancelOffer(try #require(caller.session), at: world.now)
    world.run(.seconds(2))
    #expect(Self.refused(caller) == [487])
    #expect(callee.lines.contains { $0.hasPrefix("CANCEL") })
    #expect(callee.offers.count == 1)
    // The session is what it was: a refresh of the callee finds the caller as it is.
    callee.script.offerDelay = nil
    callee.script.answerInAck = callee.script.media
    callee.offer([])
    world.run(.seconds(1))
    #expect(Self.direction(Self.accepted(callee).last) == "a=sendrecv")
    Self.end(world, caller)
  }

  @Test func aPhoneWhose200WasFasterThanTheCANCELIsAskedForTheAgreedSession() throws {
    // U-54: it answers after 302 ms, and the CANCEL is with us half a millisecond later.
    let (world, caller, callee) = Self.held(.milliseconds(300))
    world.run(.microseconds(301_500))
    caller.userAgent.cancelOffer(try #require(caller.session), at: world.now)
    world.run(.seconds(3))
    #expect(Self.refused(caller) == [487])
    #expect(callee.offers.count == 2)
    #expect(Self.direction(callee.offers.last) == "a=sendrecv")
    #expect(Self.streams(callee.offers.last) == ["m=audio 4000 RTP/AVP 0 8 101"])
    #expect(caller.offers.isEmpty)
    Self.end(world, caller)
  }

  // MARK: one dialog, both ways

  @Test func aCallerWhoseMediaComesHereLaterKeepsItsOriginAndItsStreams() {
    // U-50, RFC 3264 §8: direct first, and then a prompt.
    let world = AgentWorld()
    world.document(
      AgentWorld.dial(5081, then: "<Gather numDigits=\"1\" timeout=\"5\"/>"))
    let callee = world.phone(5081, .answers())
    callee.script.media = Self.description(
      "m=image 0 udptl t38", "m=audio 6000 RTP/AVP 0 8 101", "a=rtpmap:101 telephone-event/8000")
    let caller = world.phone(5070)
    caller.script.media = Self.description(
      "m=image 0 udptl t38", "m=audio 4000 RTP/AVP 0 8 101", "a=rtpmap:101 telephone-event/8000")
    caller.call(
      Self.description(
        "m=image 4008 udptl t38", "m=audio 4000 RTP/AVP 0 8 101",
        "a=rtpmap:101 telephone-event/8000"))
    world.run(.seconds(2))
    callee.hangUp()
    world.run(.seconds(2))
    func origin(_ sdp: [UInt8]?) -> [Substring] {
      Self.text(sdp).split(whereSeparator: \.isNewline).first { $0.hasPrefix("o=") }?
        .split(separator: " ") ?? []
    }
    let (first, later) = (origin(caller.answerBody), origin(caller.offers.last))
    #expect(first.count == 6 && first[1] == later[1])
    #expect(first[2] == "1" && later[2] == "2")
    #expect(Self.streams(caller.offers.last).map { $0.prefix(7) } == ["m=image", "m=audio"])
    Self.end(world, caller)
  }
}
