import RCMLBasics
import RCMLMedia

extension FieldReader {
  mutating func mediaCommand() throws(Damage) -> MediaCommand {
    switch try octet() {
    case 1: return .open(try media())
    case 2:
      let id = try media()
      return .describe(id, try description())
    case 3: return .close(try media())
    case 4:
      let first = try media()
      let second = try media()
      return .join(first, second, MediaCommand.Join(withheldKey: try octet()))
    case 5: return .part(try media())
    case 6:
      let id = SoundID(try number())
      return .load(id, try source())
    case 7: return .forget(SoundID(try number()))
    case 8:
      let id = try media()
      let playback = PlaybackID(try number())
      return .play(
        id, playback, try list { (reader: inout FieldReader) throws(Damage) in try reader.item() })
    case 9: return .stop(PlaybackID(try number()))
    case 10:
      let id = RecordingID(try number())
      let plan = try plan()
      return .record(id, plan, path: try text())
    case 11: return .endRecording(RecordingID(try number()))
    case 12:
      let id = RecordingID(try number())
      return .recordAlso(id, try media())
    case 13: return .discardRecording(RecordingID(try number()))
    case 14:
      let first = try number(as: UInt16.self)
      let last = try number(as: UInt16.self)
      guard first <= last else { throw Damage(text: "ports \(first) to \(last) are none") }
      return .usePorts(first...last)
    case 20:
      let id = try media()
      return .openFrames(id, try raw(HostMedia.self))
    case let kind: throw Damage(text: "there is no media command \(kind)")
    }
  }

  mutating func mediaEvent() throws(Damage) -> MediaEvent {
    switch try octet() {
    case 1:
      let id = try media()
      return .opened(id, port: try number(as: UInt16.self))
    case 2: return .unopened(try media())
    case 3:
      let id = SoundID(try number())
      return .loaded(id, milliseconds: Int(try signed()))
    case 4:
      let id = SoundID(try number())
      return .unloadable(id, try raw(SoundProblem.self))
    case 5:
      let id = try media()
      return .digit(id, try octet())
    case 6: return .played(PlaybackID(try number()))
    case 7: return .unplayable(PlaybackID(try number()))
    case 8:
      let id = RecordingID(try number())
      let reason = try raw(RecordingResult.Reason.self)
      let milliseconds = Int(try signed())
      return .recorded(
        id, RecordingResult(reason: reason, milliseconds: milliseconds, isEmpty: try flag()))
    case 9: return .silent(try media())
    case 10: return .contested(try media())
    case let kind: throw Damage(text: "there is no media event \(kind)")
    }
  }

  private mutating func media() throws(Damage) -> MediaID { MediaID(try number()) }

  private mutating func description() throws(Damage) -> StreamDescription {
    var value = StreamDescription()
    value.remote = try optional { (reader: inout FieldReader) throws(Damage) in
      try reader.address()
    }
    value.control = try optional { (reader: inout FieldReader) throws(Damage) in
      try reader.address()
    }
    value.sends = try flag()
    value.receives = try flag()
    value.incoming = try list { (reader: inout FieldReader) throws(Damage) in
      try reader.payload()
    }
    value.outgoing = try list { (reader: inout FieldReader) throws(Damage) in
      try reader.payload()
    }
    value.packetTime = Int(try signed())
    value.silenceLimit = Interval(nanoseconds: try signed())
    value.sender.signalling = try optional { (reader: inout FieldReader) throws(Damage) in
      try reader.address()
    }
    value.sender.lock = try lock()
    value.sender.edition = try number(as: UInt32.self)
    value.hearsKeys = try flag()
    value.isUntouched = try flag()
    return value
  }

  private mutating func lock() throws(Damage) -> Settings.RTPLock {
    let word = try text()
    guard let lock = Settings.RTPLock(rawValue: word) else {
      throw Damage(text: "there is no rtp_lock of that name")
    }
    return lock
  }

  private mutating func payload() throws(Damage) -> StreamDescription.Payload {
    let number = try octet()
    switch try octet() {
    case 1: return .init(number, .pcmu)
    case 2: return .init(number, .pcma)
    case 3: return .init(number, .telephoneEvent(rate: try self.number(as: UInt32.self)))
    case 4: return .init(number, .comfortNoise)
    case 5: return .init(number, .other(try octets()))
    case let kind: throw Damage(text: "there is no codec \(kind)")
    }
  }

  private mutating func source() throws(Damage) -> SoundSource {
    switch try octet() {
    case 1:
      let bytes = try octets()
      let name = try text()
      return .octets(bytes, name: name, contentType: try text())
    case 2: return .file(path: try text())
    case 3:
      let program = try text()
      let words = try text()
      let language = try text()
      return .speech(
        SpeechRequest(program: program, text: words, language: language, voice: try text()))
    case let kind: throw Damage(text: "there is no sound source \(kind)")
    }
  }

  private mutating func item() throws(Damage) -> PlayItem {
    switch try octet() {
    case 1:
      let id = SoundID(try number())
      return .sound(id, times: Int(try signed()))
    case 2: return .ringing(country: try text())
    case 3: return .beep
    case 4: return .warning
    case 5: return .silence(milliseconds: Int(try signed()))
    case 6: return .digits(try octets())
    case let kind: throw Damage(text: "there is no play item \(kind)")
    }
  }

  private mutating func plan() throws(Damage) -> RecordingPlan {
    let left = try media()
    let right = try optional { (reader: inout FieldReader) throws(Damage) in try reader.media() }
    let channels = Int(try signed())
    let silence = Interval(nanoseconds: try signed())
    return RecordingPlan(
      left: left, right: right, channels: channels, silence: silence,
      maximum: Interval(nanoseconds: try signed()), keepsEmpty: try flag())
  }
}
