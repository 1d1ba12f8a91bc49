import RCMLBasics

/// What a phone with a voice says of it (SDP), and how it presses keys by INFO.
extension Phone {
  /// What one of its dialogs said of sound last.
  struct Sound {
    var moves = 0
    var direction = "sendrecv"
    var isNowhere = false
    var version = 1
  }

  struct SoundKey: Hashable {
    var call: Int
    var fork: Int
  }

  /// Each call, each fork and each move has a port of its own.
  static func port(_ key: SoundKey, _ moves: Int) -> UInt16 {
    20_000 + UInt16(key.call % 600) * 32 + UInt16(key.fork % 4) * 8 + UInt16(moves % 4) * 2
  }

  /// The host its descriptions name: its own, or that of the inner network it is in.
  var soundAddress: SocketAddress {
    guard voice?.source.namesInner ?? false else { return address }
    return innerAddress
  }

  /// Video is some way above sound.
  static let videoOffset: UInt16 = 20_000

  /// `offer`: what is answered, or nil where this offers.
  func description(_ key: SoundKey, version: Int, answering offer: SipText? = nil) -> [UInt8] {
    if let text = extraDescription(key, answering: offer) { return text }
    let video = offer.map { VoiceDescription($0)?.video ?? .none }
    return description(
      key, version: version, video: video ?? .offered, isAnswer: offer?.hasBody ?? false)
  }

  func description(
    _ key: SoundKey, version: Int, video: VoiceDescription.Video, isAnswer: Bool = false
  ) -> [UInt8] {
    guard let voice else {
      return SipWriter.session(
        of: name, host: host, port: version == 1 ? 20_000 + 2 * key.fork : 20_000,
        version: version)
    }
    let sound = sounds[key] ?? Sound()
    sounds[key] = sound
    let port = Phone.port(key, sound.moves)
    let hasVideo = video == .offered && !voice.video.isEmpty
    let videoPort = port + Phone.videoOffset
    let host = String(decoding: soundAddress.addressText, as: UTF8.self)
    outbox.append(
      .listens(call: key.call, fork: key.fork, port: port, video: hasVideo ? videoPort : 0))
    var text =
      "v=0\r\no=\(name) 1 \(sound.version) IN IP4 \(host)\r\ns=-\r\n"
      + "c=IN IP4 \(sound.isNowhere ? "0.0.0.0" : host)\r\nt=0 0\r\nm=audio \(port) RTP/AVP"
    for format in voice.formats { text += " \(format)" }
    if voice.eventType > 0 { text += " \(voice.eventType)" }
    text += "\r\n"
    for format in voice.formats {
      text += "a=rtpmap:\(format) \(Voice.name(format).uppercased())/8000\r\n"
    }
    if voice.eventType > 0 {
      text += "a=rtpmap:\(voice.eventType) telephone-event/8000\r\n"
      text += "a=fmtp:\(voice.eventType) 0-15\r\n"
    }
    if voice.packetTime > 0 { text += "a=ptime:\(voice.packetTime)\r\n" }
    text += "a=\(sound.direction)\r\n"
    if hasVideo {
      text += "m=video \(videoPort) RTP/AVP"
      for format in voice.video { text += " \(format)" }
      text += "\r\n"
      for format in voice.video {
        text += "a=rtpmap:\(format) \(Voice.videoName(format).uppercased())/90000\r\n"
      }
      text += "a=\(sound.direction)\r\n"
    } else if video == .refused || (video == .offered && extras != nil && isAnswer) {
      text += "m=video 0 RTP/AVP 97\r\n"
    }
    return Array(text.utf8)
  }

  func change(_ change: VoiceScript.Change, _ key: SoundKey) {
    var sound = sounds[key] ?? Sound()
    sound.version += 1
    switch change {
    case .hold(let direction): sound.direction = direction
    case .holdByAddress: sound.isNowhere = true
    case .resume: (sound.direction, sound.isNowhere) = ("sendrecv", false)
    case .move: sound.moves += 1
    }
    sounds[key] = sound
  }

  /// Its 183 and its 200 name two ports, as those of an announcement and of the phone behind it do.
  func moveWithAnswer(_ key: SoundKey) {
    if voice?.source.movesWithAnswer ?? false, sounds[key] != nil { change(.move, key) }
  }

  func dialog(of key: SoundKey) -> Int? {
    guard key.call < calls.count else { return nil }
    return isCaller
      ? calls[key.call].dialogs.indices.first
      : calls[key.call].dialog(local: Array("\(name)-\(key.call)-\(key.fork)".utf8))
  }

  /// The fork a dialog of a call belongs to.
  func soundKey(_ call: Int, _ dialog: Int) -> SoundKey {
    guard !isCaller else { return SoundKey(call: call, fork: 0) }
    let digits = calls[call].dialogs[dialog].localTag.reversed().prefix { $0 != 45 }.reversed()
    return SoundKey(call: call, fork: Int(String(decoding: digits, as: UTF8.self)) ?? 0)
  }

  func reoffer(_ key: SoundKey, _ change: VoiceScript.Change) {
    guard let dialog = dialog(of: key), !calls[key.call].dialogs[dialog].isOver else { return }
    self.change(change, key)
    offerAgain(key.call, dialog)
  }

  /// Our INVITE had no offer, so the 200 has theirs (RFC 3264 §4).
  func answerInAck(_ call: Int, _ sequence: UInt32) -> [UInt8] {
    guard case .caller(let script) = role, !script.hasOffer, voice != nil, sequence == 1 else {
      return []
    }
    return description(SoundKey(call: call, fork: 0), version: 1, video: .none)
  }

  /// A key by INFO (spec U-25).
  func press(_ key: UInt8, _ place: SoundKey) {
    guard let dialog = dialog(of: place), !calls[place.call].dialogs[dialog].isOver else { return }
    calls[place.call].dialogs[dialog].sequence += 1
    let info = request(
      .info, place.call, dialog, branch: newBranch(),
      sequence: calls[place.call].dialogs[dialog].sequence)
    let body = "Signal=\(String(decoding: [key], as: UTF8.self))\r\nDuration=160\r\n"
    let bytes = info.finished(body: Array(body.utf8), type: "application/dtmf-relay")
    track(
      repeatedly(bytes, over: calls[place.call].link, longest: .seconds(4)), place.call, info)
  }
}
