import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Whatever phones say, in whichever order: sound that has to be secret, or was, is never open, and no key is told where it
/// could be read (spec T-16, T-17).
@Suite struct DowngradeTests {
  @Test(arguments: 0..<400) func aDowngradeNeverPasses(seed: Int) {
    var model = SecrecyModel(seed: UInt64(seed))
    #expect(model.run(40) == nil)
  }
}

/// One call that comes by here, or goes from phone to phone, under rules drawn at random.
private struct SecrecyModel {
  private struct Side {
    let wish: Settings.SRTP
    let mayCarryKeys: Bool
    /// It had keys once.
    var wasSecret = false
    var isAsked = false
  }

  private var random: RandomSource
  private var media: CallMedia
  private var sides: [Party: Side] = [:]
  private let leg = LegNumber(0)
  private let isAnchored: Bool
  private var steps: [String] = []
  private var found: String?
  private var isEarly = false

  init(seed: UInt64) {
    random = RandomSource(seed: seed)
    isAnchored = random.next() % 3 > 0
    var chance = random.split()
    for party in [Party.caller, .leg(LegNumber(0))] {
      let wish = Settings.SRTP.allCases[Int(random.next() % 3)]
      // Where keys may not travel and sound has to be secret, there is no call.
      let isSecured = random.next() % 4 > 0
      sides[party] = Side(wish: wish, mayCarryKeys: wish == .require || isSecured)
    }
    let side = sides[.caller]
    let secrecy =
      side.map { DialogSecrecy($0.wish, mayCarryKeys: $0.mayCarryKeys, random: &chance) } ?? .off
    let direct = DirectMedia(origin: 100, address: AgentWorld.place(5060), secrecy: secrecy)
    guard isAnchored else {
      media = .direct(direct)
      return
    }
    var anchored = AnchoredMedia(callerStream: MediaID(1), after: direct, settings: MediaSettings())
    anchored.opened(MediaID(1), port: 20_000)
    anchored.addLeg(leg, stream: MediaID(2))
    anchored.opened(MediaID(2), port: 20_002)
    media = .anchored(anchored)
  }

  mutating func run(_ count: Int) -> String? {
    var chance = random.split()
    media.callerSent(SessionDescription(reading: description()))
    if let side = sides[.leg(leg)] {
      let secrecy = DialogSecrecy(side.wish, mayCarryKeys: side.mayCarryKeys, random: &chance)
      said(media.offerForLeg(leg, isSpoken: false, secrecy: secrecy), to: .leg(leg), "offer")
    }
    for _ in 0..<count where found == nil { step() }
    return found.map { "\($0)\n  after " + steps.joined(separator: "\n") }
  }

  private mutating func step() {
    var effects: [MediaEffect] = []
    let party: Party = random.next() % 2 == 0 ? .caller : .leg(leg)
    let words = random.next() % 8 == 0 ? [] : description()
    let kind = random.next() % 9
    // What was said before a 200 may be another phone's than the one that answers.
    isEarly = kind == 0 || kind == 2
    switch kind {
    case 0: media.legSentEarly(leg, words, &effects)
    case 1: _ = media.legAnswered(leg, words, &effects)
    case 2: said(media.earlyMediaForCaller(of: leg, &effects) ?? [], to: .caller, "early")
    case 3:
      said(
        media.answerForCaller(with: random.next() % 2 == 0 ? leg : nil, &effects) ?? [],
        to: .caller, "answer")
    case 4: media.bridged(leg, withheldKey: 0, &effects)
    case 5, 6: media.offered(by: party, words, &effects)
    case 7: media.accepted(by: party, words, &effects)
    case _: media.acknowledged(by: party, words, &effects)
    }
    steps.append(String(decoding: words, as: UTF8.self))
    for effect in effects {
      switch effect {
      case .offer(let party, let sdp): said(sdp, to: party, "offer")
      case .answer(let party, let sdp): said(sdp, to: party, "answer")
      case .describe(let stream, let described):
        check(described, of: stream == MediaID(1) ? .caller : .leg(leg))
      case .refuse, .withdraw, .cancelOffer, .warn, .join, .part, .close: break
      }
    }
  }

  /// What a phone may say, and what none should.
  private mutating func description() -> [UInt8] {
    var text = "v=0\r\no=phone 1 1 IN IP4 10.0.0.7\r\ns=-\r\nc=IN IP4 10.0.0.7\r\nt=0 0\r\n"
    let profiles = ["RTP/AVP", "RTP/AVP", "RTP/SAVP", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP"]
    let suites = ["AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "F8_128_HMAC_SHA1_80"]
    for _ in 0...(random.next() % 3) {
      let port = random.next() % 4 == 0 ? 0 : 4_000 + random.next() % 20 * 2
      text += "m=audio \(port) \(profiles[Int(random.next() % 6)]) 0 8 101\r\n"
      while random.next() % 2 == 0 {
        let suite = suites[Int(random.next() % 3)]
        text += "a=crypto:\(1 + random.next() % 2) \(suite) inline:PHONE"
        for _ in 0..<35 { text.append(["A", "b", "7", "+"][Int(random.next() % 4)]) }
        text += random.next() % 6 == 0 ? " UNENCRYPTED_SRTP\r\n" : "\r\n"
      }
      if random.next() % 5 == 0 { text += "a=sendonly\r\n" }
    }
    return Array(text.utf8)
  }

  /// Every word of ours.
  private mutating func said(_ sdp: [UInt8], to party: Party, _ what: String) {
    guard let side = sides[party], !sdp.isEmpty else { return }
    let text = String(decoding: sdp, as: UTF8.self)
    steps.append("\(what) to \(party): \(text)")
    // Where nothing is said of secret sound, phones may tell each other whatever they like.
    let isTheirs = side.wish == .off && !isAnchored
    let keys = isTheirs ? text.replacing("inline:PHONE", with: "") : text
    if !side.mayCarryKeys || side.wish == .off, keys.contains("inline:") {
      found = "a key is told to \(party)"
    }
    guard let read = SessionDescription(reading: sdp)?.serving([.open, .secret]) else { return }
    for (place, stream) in read.streams.enumerated() where stream.isOn && stream.kind == .audio {
      let isOpen = stream.profile == .open && !stream.isSecret
      if isOpen, side.wish == .require || side.wasSecret {
        found = "open sound is told to \(party) in place \(place)"
      }
      if stream.profile == .secret, !stream.isSecret { found = "secret sound without a key" }
    }
  }

  /// What packets are made of.
  private mutating func check(_ description: StreamDescription, of party: Party) {
    guard let side = sides[party] else { return }
    let flows = description.remote != nil && (description.sends || description.receives)
    guard flows || description.receives else { return }
    if description.sender.secrecy != nil {
      if !isEarly { sides[party]?.wasSecret = true }
      if side.wish == .off || !side.mayCarryKeys { found = "keys where there can be none" }
    } else if side.wish == .require || side.wasSecret {
      found = "the sound of \(party) is open"
    }
  }
}
