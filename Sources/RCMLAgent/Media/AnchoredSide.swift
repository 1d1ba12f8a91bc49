import RCMLBasics
import RCMLMedia
import RCMLSIP

/// One party whose sound comes by here: its stream, and what it and we have said of all its streams.
struct AnchoredSide {
  let stream: MediaID
  let negotiation: Negotiation
  /// Where our RTP is; 0 = not known yet.
  var port: UInt16 = 0
  /// Nothing can be sent to it any more.
  private(set) var hasLeft = false

  init(stream: MediaID, negotiation: Negotiation) {
    self.stream = stream
    self.negotiation = negotiation
  }

  var isOpen: Bool { port != 0 }

  /// It has left: nothing is known of it, so nothing can be sent to it.
  mutating func left() { hasLeft = true }

  // MARK: what was said

  /// What it said, as far as it counts by now; nil = nothing.
  var heard: SessionDescription? {
    if hasLeft { return nil }
    return negotiation.agreed?.remote ?? negotiation.offer ?? negotiation.earlyAnswer
  }

  /// What we said of streams of ours; nil = nothing.
  var told: SessionDescription? {
    if let agreed = negotiation.agreed, isOurs(agreed.local) { return agreed.local }
    // A caller whose media went elsewhere until now is believed to stay where it was, and to come.
    if let proposal = negotiation.proposal { return proposal }
    switch negotiation.early {
    case .nothing: return nil
    case .shown(let answer), .final(let answer): return isOurs(answer) ? answer : nil
    }
  }

  /// The streams that it was told of are here, and not those of another phone.
  func isOurs(_ description: SessionDescription) -> Bool {
    guard let audio = description.audio else { return false }
    return audio.port == port && audio.address?.isWildcard == true
  }

  var remote: AudioDescription? { heard?.audio }
  /// What we told it, the most wanted first.
  var formats: [AudioFormat] { told?.audio?.formats ?? [] }

  /// For an offer that comes unasked: what it was told, or, as long as it was told nothing of a stream of ours, what it
  /// knows of all that we speak. An offer without formats is none (RFC 4566 §5.14).
  var formatsToOffer: [AudioFormat] {
    formats.isEmpty ? FormatChoice.offer(to: remote?.formats ?? [], isSpoken: true) : formats
  }

  /// What it and we agreed on, by its own numbers.
  var accepted: [AudioFormat]? {
    guard let remote else { return nil }
    let formats = formats
    return remote.formats.filter { format in formats.contains { $0.names(format) } }
  }

  /// Its video and ours. An answer that names none of our formats, or another profile, is no video.
  var videos: VideoPair {
    var pair = VideoPair(remote: heard?.video, plan: told?.video)
    let isOffer =
      negotiation.agreed.map { $0.isTheirOffer || !isOurs($0.local) }
      ?? (negotiation.offer != nil)
    if !isOffer, pair.agreed.isEmpty || pair.remote?.profile != pair.plan?.profile {
      pair.remote = nil
    }
    return pair
  }

  // MARK: what the party says

  /// Nil: it took nothing of what we offered.
  func usable(answer said: PartyDescription) -> SessionDescription? {
    guard let answer = negotiation.judged(said), let audio = answer.audio,
      let proposal = negotiation.proposal, let offered = proposal.audio?.formats,
      answer.answersSecrecy(of: proposal),
      audio.formats.contains(where: { taken in
        !taken.isTelephoneEvent && offered.contains { $0.names(taken) }
      })
    else { return nil }
    return answer
  }

  // MARK: what we say

  func offer(
    _ formats: [AudioFormat], video plan: VideoPlan? = nil,
    answeredBy place: Negotiation.AnswerPlace = .response
  ) -> [UInt8] {
    var audio = AudioPlan(port: port, formats: formats, packetTime: 20)
    audio.secrecy = negotiation.secrecyToOffer
    // Video would be open.
    let video = audio.secrecy == .open ? plan : nil
    return negotiation.propose(
      .planned(audio, video: video, .offer(after: negotiation.last)), answeredBy: place)
  }

  /// To its offer (RFC 3264 §6); nil = there is none.
  func answer(_ formats: [AudioFormat], video plan: VideoPlan? = nil) -> SDPDraft? {
    guard let offer = negotiation.offer, let audio = offer.audio else { return nil }
    var ours = AudioPlan(port: port, formats: formats, direction: audio.direction.answered)
    ours.secrecy = negotiation.secrecyToAnswer
    return .planned(ours, video: plan, .answer(to: offer))
  }

  // MARK: what the engine is told

  /// What both sides said, in the engine's words.
  func description(_ settings: MediaSettings, isBridged: Bool) -> StreamDescription {
    var description = StreamDescription()
    guard let remote else { return description }
    let formats = formats
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
    description.sender.edition = negotiation.edition
    keepSecret(&description)
    return description
  }
}

extension AnchoredSide {
  /// Where keys were agreed on, and are not found, nothing passes: it would be open.
  private func keepSecret(_ description: inout StreamDescription) {
    guard let heard, heard.isSecret else { return }
    guard let keys = told.flatMap({ heard.agreedKeys(with: $0) }) else {
      (description.remote, description.control) = (nil, nil)
      (description.sends, description.receives) = (false, false)
      return
    }
    description.sender.secrecy = keys
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
