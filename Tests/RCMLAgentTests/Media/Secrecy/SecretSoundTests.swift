import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Calls whose sound is secret, or is to be (spec T-15 … T-17).
struct SecretSoundTests {
  private static let crypto =
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
  private static let other =
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"

  private static func description(_ streams: String...) -> [UInt8] {
    let head = ["v=0", "o=phone 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
    return Array((head + streams).map { $0 + "\r\n" }.joined().utf8)
  }

  private static func text(_ sdp: [UInt8]?) -> String { String(decoding: sdp ?? [], as: UTF8.self) }

  private static func lines(_ sdp: [UInt8]?, _ prefix: String) -> [String] {
    text(sdp).split(whereSeparator: \.isNewline).filter { $0.hasPrefix(prefix) }.map(String.init)
  }

  private static let secret = description(
    "m=audio 4000 RTP/SAVP 0 101", "a=rtpmap:101 telephone-event/8000", crypto)
  private static let bestEffort = description(
    "m=audio 4002 RTP/SAVP 0", crypto, "m=audio 4000 RTP/AVP 0")

  private static func world(
    _ srtp: String, withoutTLS: Bool = true, media: String = "auto", dial: String? = nil
  ) -> AgentWorld {
    let world = AgentWorld(settings: [
      ("srtp", srtp), ("srtp_without_tls", "\(withoutTLS)"), ("media", media),
    ])
    world.document(
      dial.map { "<Response><Dial><Sip>\($0)</Sip></Dial></Response>" } ?? AgentWorld.dial(5081))
    return world
  }

  private static func end(_ world: AgentWorld, _ caller: Phone) {
    #expect(!caller.wasHungUp)
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  private static func everything(_ phones: Phone...) -> String {
    phones.flatMap(\.messages).map { text($0) }.joined()
  }

  // T-15: the one has keys, the other has none, and both are in the same call
  @Test func aSecretCallerTalksToAnOpenLeg() {
    let world = Self.world("offer")
    let callee = world.phone(5081, .answers())
    callee.script.media = Self.description("m=audio 0 RTP/SAVP 0", "m=audio 6000 RTP/AVP 0 101")
    let caller = world.phone(5070)
    caller.call(Self.secret)
    world.run(.seconds(2))
    let answer = caller.answerBody
    #expect(Self.lines(answer, "m=").first?.hasSuffix(" RTP/SAVP 0 101") == true)
    #expect(Self.lines(answer, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:").count == 1)
    #expect(!Self.text(answer).contains("d0RmdmcmVCspeEc3"))
    let offered = callee.invites.first?.body
    #expect(
      Self.lines(offered, "m=").map { $0.split(separator: " ")[2] } == ["RTP/SAVP", "RTP/AVP"])
    #expect(Self.lines(offered, "a=crypto:").count == 4)
    #expect(!Self.text(offered).contains("d0RmdmcmVCspeEc3"))
    Self.end(world, caller)
  }

  // T-15: of two streams the secret one is taken
  @Test func ofABestEffortOfferTheSecretStreamIsTaken() {
    let world = Self.world("offer")
    let callee = world.phone(5081, .answers())
    callee.script.media = Self.description(
      "m=audio 6000 RTP/SAVP 0", Self.other, "m=audio 0 RTP/AVP 0")
    let caller = world.phone(5070)
    caller.call(Self.bestEffort)
    world.run(.seconds(2))
    let streams = Self.lines(caller.answerBody, "m=")
    #expect(streams.first?.hasPrefix("m=audio 0") == false && streams.last == "m=audio 0 RTP/AVP 0")
    Self.end(world, caller)
  }

  // T-16: keys are not told where anybody can read them
  @Test(arguments: ["offer", "require"])
  func withoutTLSNoKeyTravels(srtp: String) {
    let world = Self.world(srtp, withoutTLS: false, media: "anchored")
    let callee = world.phone(5081, .answers())
    let callers = [(5070, AgentWorld.offer), (5071, Self.secret), (5072, Self.bestEffort)]
    for (port, offer) in callers {
      let caller = world.phone(UInt16(port))
      caller.call(offer)
      world.run(.seconds(2))
      let isTaken = srtp == "offer" && port != 5071
      #expect(caller.finalCode == (isTaken ? 200 : 488))
      #expect(!Self.everything(caller).contains("inline:"))
      caller.hangUp()
      world.run(.seconds(1))
    }
    #expect(!Self.everything(callee).contains("inline:"))
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // T-15: require
  @Test(arguments: ["direct", "anchored", "auto"])
  func whereSoundHasToBeSecretAnOpenCallerIsRefused(media: String) {
    let world = Self.world("require", media: media)
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    #expect(caller.finalCode == 488 && callee.invites.isEmpty)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // T-15: a target that demands it, in a call that does not
  @Test(arguments: ["", ";transport=tls"], [true, false])
  func aTargetMayDemandSecretSound(transport: String, hasKeys: Bool) {
    let world = Self.world(
      "off", withoutTLS: transport.isEmpty, dial: "sip:b@127.0.0.1:5081\(transport);secure=true")
    let callee = world.phone(5081, .answers())
    callee.script.media =
      hasKeys
      ? Self.description("m=audio 6000 RTP/SAVP 0", Self.other)
      : Self.description("m=audio 6000 RTP/AVP 0")
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    caller.call()
    world.run(.seconds(2))
    let offered = callee.invites.first?.body
    #expect(Self.lines(offered, "m=").map { $0.split(separator: " ")[2] } == ["RTP/SAVP"])
    #expect(Self.lines(caller.answerBody, "a=crypto").isEmpty)
    #expect(callee.wasHungUp == !hasKeys)
    #expect((caller.finalCode == 200) == hasKeys)
    if hasKeys { Self.end(world, caller) }
  }

  // T-15
  @Test func sipsDemandsSecretSound() {
    var noun = SipNoun(uri: "sips:b@127.0.0.1", line: 1, column: 1)
    #expect(!noun.demandsSecrecy)
    noun.isSecure = true
    #expect(noun.demandsSecrecy)
  }

  // T-16
  @Test func aTargetThatDemandsItIsNotCalledWithoutTLS() {
    let world = Self.world("off", withoutTLS: false, dial: "sip:b@127.0.0.1:5081;secure=true")
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(callee.invites.isEmpty)
    #expect(world.findings.map(\.code) == [.unsupportedTransport, .mediaRefused])
  }

  // T-17: what was secret is not made open, by either side
  @Test(arguments: ["direct", "anchored"])
  func aReINVITEWithoutKeysIsRefusedAndTheSoundStaysSecret(media: String) {
    let world = Self.world("offer", media: media)
    let callee = world.phone(5081, .answers())
    callee.script.media =
      media == "direct"
      ? Self.description("m=audio 6000 RTP/SAVP 0", Self.other)
      : Self.description("m=audio 6000 RTP/SAVP 0", Self.other, "m=audio 0 RTP/AVP 0")
    let caller = world.phone(5070)
    caller.script.media = Self.secret
    caller.call(Self.secret)
    world.run(.seconds(2))
    #expect(caller.finalCode == 200)
    for phone in [caller, callee] {
      let before = phone.events.count
      phone.offer(Self.description("m=audio 4000 RTP/AVP 0"))
      world.run(.seconds(1))
      let refused = phone.events[before...].contains {
        if case .offerRefused(488) = $0 { true } else { false }
      }
      #expect(refused)
      phone.offer(phone.script.media)
      world.run(.seconds(1))
    }
    Self.end(world, caller)
  }

  // T-14: a new key is taken, and ours stays
  @Test func aReINVITEMayBringANewKey() {
    let world = Self.world("offer")
    let callee = world.phone(5081, .answers())
    callee.script.media = Self.description(
      "m=audio 6000 RTP/SAVP 0", Self.other, "m=audio 0 RTP/AVP 0")
    let caller = world.phone(5070)
    caller.call(Self.secret)
    world.run(.seconds(2))
    let first = Self.lines(caller.answerBody, "a=crypto")
    let new = Self.other.replacing("crypto:1", with: "crypto:9")
    caller.offer(Self.description("m=audio 4000 RTP/SAVP 0", new))
    world.run(.seconds(1))
    let accepted = caller.events.compactMap {
      if case .offerAccepted(let body) = $0 { body } else { nil }
    }
    #expect(
      Self.lines(accepted.last, "a=crypto")
        == first.map { $0.replacing("crypto:1 ", with: "crypto:9 ") })
    Self.end(world, caller)
  }

  // T-15: from phone to phone keys pass as they are
  @Test func fromPhoneToPhoneKeysPassAsTheyAre() {
    let world = Self.world("offer", media: "direct")
    let callee = world.phone(5081, .answers())
    callee.script.media = Self.description("m=audio 6000 RTP/SAVP 0", Self.other)
    let caller = world.phone(5070)
    caller.call(Self.secret)
    world.run(.seconds(2))
    #expect(Self.lines(callee.invites.first?.body, "a=crypto") == [Self.crypto])
    #expect(Self.lines(caller.answerBody, "a=crypto") == [Self.other])
    #expect(caller.offers.isEmpty && callee.offers.isEmpty)
    Self.end(world, caller)
  }

  // T-17: an answer without keys to an offer with keys is none
  @Test func fromPhoneToPhoneNobodyAnswersWithoutKeys() {
    let world = Self.world("offer", media: "direct")
    let callee = world.phone(5081, .answers())
    callee.script.media = Self.description("m=audio 6000 RTP/AVP 0")
    let caller = world.phone(5070)
    caller.call(Self.secret)
    world.run(.seconds(2))
    #expect(callee.wasHungUp && caller.finalCode != 200)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }
}
