import RCMLBasics
import RCMLMedia

/// What signalling wants from media, and is told by it.
extension Archive {
  func mediaCommand(_ x: MediaCommand?) throws(Damage) -> MediaCommand {
    switch try kind(of: x) {
    case .usePorts:
      let x = x.flatMap { if case .usePorts(let ports) = $0 { ports } else { nil } }
      return .usePorts(try ports(x))
    case .open:
      let x = x.flatMap { if case .open(let id) = $0 { id } else { nil } }
      return .open(try media(x))
    case .openFrames:
      let x = x.flatMap { if case .openFrames(let a, let b) = $0 { (a, b) } else { nil } }
      return .openFrames(try media(x?.0), try raw(x?.1))
    case .describe:
      let x = x.flatMap { if case .describe(let a, let b) = $0 { (a, b) } else { nil } }
      return .describe(try media(x?.0), try description(x?.1))
    case .close:
      let x = x.flatMap { if case .close(let id) = $0 { id } else { nil } }
      return .close(try media(x))
    case .join:
      let x = x.flatMap { if case .join(let a, let b, let c) = $0 { (a, b, c) } else { nil } }
      return .join(
        try media(x?.0), try media(x?.1),
        MediaCommand.Join(withheldKey: try octet(x?.2.withheldKey)))
    case .part:
      let x = x.flatMap { if case .part(let id) = $0 { id } else { nil } }
      return .part(try media(x))
    case .load:
      let x = x.flatMap { if case .load(let a, let b) = $0 { (a, b) } else { nil } }
      return .load(try sound(x?.0), try soundSource(x?.1))
    case .forget:
      let x = x.flatMap { if case .forget(let id) = $0 { id } else { nil } }
      return .forget(try sound(x))
    case .play:
      let x = x.flatMap { if case .play(let a, let b, let c) = $0 { (a, b, c) } else { nil } }
      return .play(try media(x?.0), try playback(x?.1), try list(x?.2, item))
    case .stop:
      let x = x.flatMap { if case .stop(let id) = $0 { id } else { nil } }
      return .stop(try playback(x))
    case .record:
      let x = x.flatMap { if case .record(let a, let b, let c) = $0 { (a, b, c) } else { nil } }
      return .record(try recording(x?.0), try plan(x?.1), path: try text(x?.2))
    case .recordAlso:
      let x = x.flatMap { if case .recordAlso(let a, let b) = $0 { (a, b) } else { nil } }
      return .recordAlso(try recording(x?.0), try media(x?.1))
    case .endRecording:
      let x = x.flatMap { if case .endRecording(let id) = $0 { id } else { nil } }
      return .endRecording(try recording(x))
    case .discardRecording:
      let x = x.flatMap { if case .discardRecording(let id) = $0 { id } else { nil } }
      return .discardRecording(try recording(x))
    }
  }

  func mediaEvent(_ x: MediaEvent?) throws(Damage) -> MediaEvent {
    switch try kind(of: x) {
    case .opened:
      let x = x.flatMap { if case .opened(let a, let b) = $0 { (a, b) } else { nil } }
      return .opened(try media(x?.0), port: try number(x?.1))
    case .unopened:
      let x = x.flatMap { if case .unopened(let id) = $0 { id } else { nil } }
      return .unopened(try media(x))
    case .loaded:
      let x = x.flatMap { if case .loaded(let a, let b) = $0 { (a, b) } else { nil } }
      return .loaded(try sound(x?.0), milliseconds: try signed(x?.1))
    case .unloadable:
      let x = x.flatMap { if case .unloadable(let a, let b) = $0 { (a, b) } else { nil } }
      return .unloadable(try sound(x?.0), try raw(x?.1))
    case .digit:
      let x = x.flatMap { if case .digit(let a, let b) = $0 { (a, b) } else { nil } }
      return .digit(try media(x?.0), try octet(x?.1))
    case .played:
      let x = x.flatMap { if case .played(let id) = $0 { id } else { nil } }
      return .played(try playback(x))
    case .unplayable:
      let x = x.flatMap { if case .unplayable(let id) = $0 { id } else { nil } }
      return .unplayable(try playback(x))
    case .recorded:
      let x = x.flatMap { if case .recorded(let a, let b) = $0 { (a, b) } else { nil } }
      return .recorded(
        try recording(x?.0),
        RecordingResult(
          reason: try raw(x?.1.reason), milliseconds: try signed(x?.1.milliseconds),
          isEmpty: try flag(x?.1.isEmpty), lostMilliseconds: try signed(x?.1.lostMilliseconds)))
    case .silent:
      let x = x.flatMap { if case .silent(let id) = $0 { id } else { nil } }
      return .silent(try media(x))
    case .contested:
      let x = x.flatMap { if case .contested(let id) = $0 { id } else { nil } }
      return .contested(try media(x))
    case .reception:
      let x = x.flatMap { if case .reception(let a, let b) = $0 { (a, b) } else { nil } }
      return .reception(
        try media(x?.0),
        StreamReception(
          packets: try number(x?.1.packets), lost: try signed(x?.1.lost),
          jitterMicroseconds: try signed(x?.1.jitterMicroseconds)))
    }
  }

  private func ports(_ x: ClosedRange<UInt16>?) throws(Damage) -> ClosedRange<UInt16> {
    let first = try number(x?.lowerBound)
    let last = try number(x?.upperBound)
    guard first <= last else { throw Damage(text: "ports \(first) to \(last) are none") }
    return first...last
  }

  private func description(_ x: StreamDescription?) throws(Damage) -> StreamDescription {
    var value = StreamDescription()
    value.remote = try optional(x?.remote, address)
    value.control = try optional(x?.control, address)
    value.sends = try flag(x?.sends)
    value.receives = try flag(x?.receives)
    value.incoming = try list(x?.incoming, payload)
    value.outgoing = try list(x?.outgoing, payload)
    value.packetTime = try signed(x?.packetTime)
    value.silenceLimit = try interval(x?.silenceLimit)
    value.sender.signalling = try optional(x?.sender.signalling, address)
    value.sender.lock = try named(x?.sender.lock)
    value.sender.edition = try number(x?.sender.edition)
    value.hearsKeys = try flag(x?.hearsKeys)
    value.isUntouched = try flag(x?.isUntouched)
    value.sender.isConfirmed = try flag(x?.sender.isConfirmed)
    value.own = try optional(x?.own, ownAddress)
    value.sender.secrecy = try optional(x?.sender.secrecy, secrecy)
    return value
  }

  /// Sealed, as all keys are that come in here.
  private func secrecy(_ x: StreamSecrecy?) throws(Damage) -> StreamSecrecy {
    StreamSecrecy(incoming: try key(x?.incoming), outgoing: try key(x?.outgoing))
  }

  private func key(_ x: SecureKey?) throws(Damage) -> SecureKey {
    let suite = try raw(x?.suite) as SecureSuite
    let octets = try octets(x?.octets)
    guard let key = SecureKey(suite, octets, identifierLength: try octet(x?.identifierLength))
    else { throw Damage(text: "\(octets.count) octets are no key of \(suite.name)") }
    return key
  }

  private func ownAddress(_ x: OwnAddress?) throws(Damage) -> OwnAddress {
    OwnAddress(
      shown: try optional(x?.shown, address), local: try optional(x?.local, address))
  }

  private func payload(
    _ x: StreamDescription.Payload?
  ) throws(Damage) -> StreamDescription.Payload {
    StreamDescription.Payload(try octet(x?.number), try codec(x?.codec))
  }

  private func codec(_ x: AudioCodec?) throws(Damage) -> AudioCodec {
    switch try kind(of: x) {
    case .pcmu:
      return .pcmu
    case .pcma:
      return .pcma
    case .telephoneEvent:
      let x = x.flatMap { if case .telephoneEvent(let rate) = $0 { rate } else { nil } }
      return .telephoneEvent(rate: try number(x))
    case .comfortNoise:
      return .comfortNoise
    case .other:
      let x = x.flatMap { if case .other(let name) = $0 { name } else { nil } }
      return .other(try octets(x))
    }
  }

  private func soundSource(_ x: SoundSource?) throws(Damage) -> SoundSource {
    switch try kind(of: x) {
    case .octets:
      let x = x.flatMap { if case .octets(let a, let b, let c) = $0 { (a, b, c) } else { nil } }
      return .octets(try content(x?.0), name: try text(x?.1), contentType: try text(x?.2))
    case .file:
      let x = x.flatMap { if case .file(let path) = $0 { path } else { nil } }
      return .file(path: try text(x))
    case .speech:
      let x = x.flatMap { if case .speech(let request) = $0 { request } else { nil } }
      return .speech(
        SpeechRequest(
          program: try text(x?.program), text: try content(x?.text), markup: try content(x?.markup),
          language: try text(x?.language), voice: try text(x?.voice)))
    }
  }

  private func item(_ x: PlayItem?) throws(Damage) -> PlayItem {
    switch try kind(of: x) {
    case .sound:
      let x = x.flatMap { if case .sound(let a, let b) = $0 { (a, b) } else { nil } }
      return .sound(try sound(x?.0), times: try signed(x?.1))
    case .ringing:
      let x = x.flatMap { if case .ringing(let country) = $0 { country } else { nil } }
      return .ringing(country: try text(x))
    case .beep:
      return .beep
    case .warning:
      return .warning
    case .silence:
      let x = x.flatMap { if case .silence(let length) = $0 { length } else { nil } }
      return .silence(milliseconds: try signed(x))
    case .digits:
      let x = x.flatMap { if case .digits(let keys) = $0 { keys } else { nil } }
      return .digits(try octets(x))
    }
  }

  private func plan(_ x: RecordingPlan?) throws(Damage) -> RecordingPlan {
    RecordingPlan(
      left: try media(x?.left), right: try optional(x?.right, media),
      channels: try signed(x?.channels), silence: try interval(x?.silence),
      maximum: try interval(x?.maximum), keepsEmpty: try flag(x?.keepsEmpty))
  }
}

extension MediaCommand: Kinded {
  enum Kind: UInt8, CaseIterable {
    case usePorts = 1
    case open = 2
    case openFrames = 3
    case describe = 4
    case close = 5
    case join = 6
    case part = 7
    case
      load = 8
    case forget = 9
    case play = 10
    case stop = 11
    case record = 12
    case recordAlso = 13
    case endRecording = 14
    case
      discardRecording = 15
  }

  var kind: Kind {
    switch self {
    case .usePorts: .usePorts
    case .open: .open
    case .openFrames: .openFrames
    case .describe: .describe
    case .close: .close
    case .join: .join
    case .part: .part
    case .load: .load
    case .forget: .forget
    case .play: .play
    case .stop: .stop
    case .record: .record
    case .recordAlso: .recordAlso
    case .endRecording: .endRecording
    case .discardRecording: .discardRecording
    }
  }
}

extension MediaEvent: Kinded {
  enum Kind: UInt8, CaseIterable {
    case opened = 1
    case unopened = 2
    case loaded = 3
    case unloadable = 4
    case digit = 5
    case played = 6
    case
      unplayable = 7
    case recorded = 8
    case silent = 9
    case contested = 10
    case reception = 11
  }

  var kind: Kind {
    switch self {
    case .opened: .opened
    case .unopened: .unopened
    case .loaded: .loaded
    case .unloadable: .unloadable
    case .digit: .digit
    case .played: .played
    case .unplayable: .unplayable
    case .recorded: .recorded
    case .silent: .silent
    case .contested: .contested
    case .reception: .reception
    }
  }
}

extension AudioCodec: Kinded {
  enum Kind: UInt8, CaseIterable {
    case pcmu = 1
    case pcma = 2
    case telephoneEvent = 3
    case comfortNoise = 4
    case other = 5
  }

  var kind: Kind {
    switch self {
    case .pcmu: .pcmu
    case .pcma: .pcma
    case .telephoneEvent: .telephoneEvent
    case .comfortNoise: .comfortNoise
    case .other: .other
    }
  }
}

extension SoundSource: Kinded {
  enum Kind: UInt8, CaseIterable {
    case octets = 1
    case file = 2
    case speech = 3
  }

  var kind: Kind {
    switch self {
    case .octets: .octets
    case .file: .file
    case .speech: .speech
    }
  }
}

extension PlayItem: Kinded {
  enum Kind: UInt8, CaseIterable {
    case sound = 1
    case ringing = 2
    case beep = 3
    case warning = 4
    case silence = 5
    case digits = 6
  }

  var kind: Kind {
    switch self {
    case .sound: .sound
    case .ringing: .ringing
    case .beep: .beep
    case .warning: .warning
    case .silence: .silence
    case .digits: .digits
    }
  }
}
