import RCMLBasics
import RCMLMedia
import RCMLSIP

/// One party whose media comes by here: what it told us, and what we told it.
struct AnchoredSide {
  let stream: MediaID
  /// The `o=` line's session id in this dialog (RFC 4566 §5.2).
  private let origin: UInt64
  private var version: UInt64 = 0
  /// Where our RTP is; 0 = not known yet.
  var port: UInt16 = 0
  /// Its last offer or answer; nil = none that can be used.
  private(set) var remote: AudioDescription?
  /// How often it has said where it is: once more is news, be it the same place (spec U-67).
  private(set) var edition: UInt32 = 0
  /// Its last offer as it was written: an answer has as many streams.
  private var offer: [UInt8] = []
  /// The last offer of either side: the next one keeps its streams.
  private var lastOffer: [UInt8] = []
  var video = VideoSide()
  /// What we told it, the most wanted first.
  private(set) var formats: [AudioFormat] = []
  private var plan: AudioPlan?
  private var isAnswer = false
  private(set) var local: [UInt8] = []
  /// Our 200 held an offer: the ACK brings the answer (spec L-6, RFC 3264 §4).
  var owesAnswer = false

  init(stream: MediaID, origin: UInt64) {
    self.stream = stream
    self.origin = origin
  }

  var isOpen: Bool { port != 0 }

  // MARK: what the party says

  /// False: there is no audio in it that could be used; what was known before stands.
  mutating func offered(_ sdp: [UInt8]) -> Bool {
    guard let audio = SessionDescription.check(sdp).usableAudio else { return false }
    remote = audio
    edition &+= 1
    offer = sdp
    lastOffer = sdp
    video.remote = SessionDescription.video(of: sdp)
    return true
  }

  /// False: it took nothing of what we offered.
  mutating func answered(_ sdp: [UInt8]) -> Bool {
    guard let audio = SessionDescription.check(sdp).usableAudio,
      audio.formats.contains(where: { taken in
        !taken.isTelephoneEvent && formats.contains { $0.names(taken) }
      })
    else { return false }
    remote = audio
    edition &+= 1
    video.answered(SessionDescription.video(of: sdp))
    return true
  }

  /// It has left: nothing is known of it, so nothing can be sent to it.
  mutating func left() {
    remote = nil
    video.remote = nil
  }

  // MARK: what we say

  mutating func makeOffer(_ formats: [AudioFormat], video plan: VideoPlan? = nil) -> [UInt8] {
    // What it did not agree to yet it is not sent.
    if plan != nil, !video.isOn { video.remote = nil }
    return say(AudioPlan(port: port, formats: formats, packetTime: 20), plan, asAnswer: false)
  }

  /// The same once more, for who wants an offer: nothing is on hold in it.
  mutating func makeOfferAgain(_ formats: [AudioFormat]) -> [UInt8] {
    var plan = video.isOn ? video.plan : nil
    plan?.direction = .sendrecv
    return makeOffer(formats, video: plan)
  }

  /// To its last offer (RFC 3264 §6).
  mutating func makeAnswer(_ formats: [AudioFormat], video plan: VideoPlan? = nil) -> [UInt8] {
    let direction = remote?.direction ?? .sendrecv
    return say(
      AudioPlan(port: port, formats: formats, direction: direction.answered), plan, asAnswer: true)
  }

  /// The version grows only when something changed (RFC 3264 §8).
  private mutating func say(
    _ plan: AudioPlan, _ video: VideoPlan?, asAnswer: Bool
  ) -> [UInt8] {
    if plan != self.plan || video != self.video.plan || asAnswer != isAnswer || local.isEmpty {
      version += 1
      self.plan = plan
      self.video.plan = video
      isAnswer = asAnswer
      formats = plan.formats
    }
    local =
      asAnswer
      ? SessionDescription.answer(
        to: offer, plan, video: video, sessionID: origin, version: version)
      : SessionDescription.offer(
        plan, video: video, following: lastOffer, sessionID: origin, version: version)
    if !asAnswer { lastOffer = local }
    return local
  }

  // MARK: what the engine is told

  /// What both sides said, in the engine's words.
  func description(_ settings: MediaSettings, isBridged: Bool) -> StreamDescription {
    var description = StreamDescription()
    guard let remote else { return description }
    let isSomewhere = remote.address.map { !$0.isWildcard && $0.port != 0 } ?? false
    description.remote = isSomewhere ? remote.address : nil
    description.control = isSomewhere ? remote.control : nil
    description.sends = remote.direction == .sendrecv || remote.direction == .recvonly
    description.receives = remote.direction == .sendrecv || remote.direction == .sendonly
    description.incoming = formats.map { .init($0.payload, AudioCodec($0)) }
    description.outgoing = remote.formats.filter { format in
      formats.contains { $0.names(format) }
    }.map { .init($0.payload, AudioCodec($0)) }
    if remote.packetTime > 0 { description.packetTime = min(60, max(10, remote.packetTime)) }
    description.silenceLimit = isBridged ? settings.silenceLimit : .zero
    description.hearsKeys = settings.hearsKeys
    description.sender.lock = settings.lock
    description.sender.edition = edition
    return description
  }
}

extension AudioCodec {
  init(_ format: AudioFormat) {
    if format.names(.pcmu) {
      self = .pcmu
    } else if format.names(.pcma) {
      self = .pcma
    } else if format.isTelephoneEvent {
      let rate = format.encoding.split(separator: UInt8(ascii: "/")).last
      self = .telephoneEvent(
        rate: rate.flatMap { UInt32(String(decoding: $0, as: UTF8.self)) } ?? 8_000)
    } else if format.encoding == Array("cn/8000".utf8) {
      self = .comfortNoise
    } else {
      self = .other(format.encoding)
    }
  }
}
