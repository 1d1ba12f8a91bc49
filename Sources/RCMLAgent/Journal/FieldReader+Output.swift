import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia

extension FieldReader {
  mutating func output() throws(Damage) -> Output {
    switch try octet() {
    case 1:
      let id = try listener()
      let destination = try address()
      return .network(.send(id, to: destination, bytes: try octets()))
    case 2:
      let id = try connection()
      return .network(.openStream(id, to: try address()))
    case 3:
      let id = try connection()
      return .network(.sendStream(id, bytes: try octets()))
    case 4: return .network(.closeStream(try connection()))
    case 5:
      let id = ResolutionID(try number())
      return .names(.addresses(id, host: try octets()))
    case 6: return .network(.findRoute(to: try address()))
    case 7:
      let id = ExchangeID(try number())
      return .web(id, .begin(try exchange()))
    case 8: return .web(ExchangeID(try number()), .abort)
    case 9: return .tell(try event())
    case 10:
      let id = ResolutionID(try number())
      return .names(.services(id, name: try octets()))
    case 11:
      let id = ResolutionID(try number())
      return .names(.pointers(id, name: try octets()))
    case 12: return .names(.useServers(try octets()))
    case 13: return .media(try mediaCommand())
    case let kind: throw Damage(text: "there is no output \(kind)")
    }
  }

  private mutating func exchange() throws(Damage) -> HTTPExchange {
    let method = try text()
    let url = try text()
    let headers = try list { (reader: inout FieldReader) throws(Damage) in try reader.header() }
    let body = try octets()
    let connectTimeout = Interval(nanoseconds: try signed())
    let timeout = Interval(nanoseconds: try signed())
    let limit = Int(try signed())
    let blocks = try flag()
    let verifies = try flag()
    let sound = try optional { (reader: inout FieldReader) throws(Damage) in
      SoundID(try reader.number())
    }
    return HTTPExchange(
      method: method, url: url, headers: headers, body: body, connectTimeout: connectTimeout,
      timeout: timeout, bodyLimit: limit, blocksPrivateAddresses: blocks, verifiesTLS: verifies,
      sound: sound)
  }

  private mutating func event() throws(Damage) -> HostEvent {
    switch try octet() {
    case 1:
      let call = try call()
      let sid = try sid()
      let from = try text()
      return .onCall(call, .incoming(sid, from: from, to: try text()))
    case 2: return .onCall(try call(), .answered)
    case 3: return .onCall(try call(), .ringing)
    case 4:
      let call = try call()
      let leg = LegNumber(try number(as: UInt32.self))
      return .onCall(call, .legStatus(leg, try legStatus()))
    case 5:
      let call = try call()
      return .onCall(call, .dialEnded(try dialResult()))
    case 6:
      let call = try optionalCall()
      return .finding(call, try finding())
    case let kind: return try laterEvent(kind)
    }
  }

  private mutating func laterEvent(_ kind: UInt8) throws(Damage) -> HostEvent {
    switch kind {
    case 7:
      let call = try call()
      let party = try party()
      return .onCall(call, .digit(party, try octet()))
    case 8:
      let id = QuestionID(try number())
      let call = try optionalCall() ?? CallNumber(0)
      let method = try text()
      let url = try text()
      return .question(id, call, .request(method: method, url: url, body: try octets()))
    case 9:
      let call = try call()
      return .onCall(call, .ended(try callEnd()))
    case 10:
      let sent = try flag()
      let transport = try raw(Transport.self)
      let peer = try address()
      return .message(sent: sent, transport, peer: peer, text: try octets())
    case 11:
      let reason = try text()
      let code = try number(as: UInt16.self)
      return .refused(reason, code: code, from: try address())
    case 12: return .drained
    case 13:
      let id = QuestionID(try number())
      let call = try call()
      let leg = try optionalLeg()
      let realm = try text()
      return .question(id, call, .credentials(leg, realm: realm, host: try text()))
    case 15:
      let call = try call()
      let leg = try optionalLeg()
      return .onCall(call, .callback(leg, try report()))
    case 17:
      let call = try call()
      let state = try named(RecordingStatus.State.self)
      let recording = try recording()
      let channels = Int(try signed())
      return .onCall(
        call,
        .recording(
          RecordingStatus(
            state: state, recording: recording, channels: channels,
            source: try named(RecordingStatus.Source.self))))
    case 14:
      let id = QuestionID(try number())
      let call = try call()
      return .question(id, call, .target(try question()))
    case 16:
      let id = QuestionID(try number())
      let call = try call()
      let method = try text()
      return .question(id, call, .url(method: method, url: try text()))
    case 30:
      let call = try call()
      let party = try party()
      return .onCall(call, .host(party, try hostAction()))
    case 18:
      let id = QuestionID(try number())
      let call = try call()
      let words = try text()
      let voice = try text()
      return .question(id, call, .speech(text: words, voice: voice, language: try text()))
    default: throw Damage(text: "there is no event \(kind)")
    }
  }

  private mutating func report() throws(Damage) -> CallbackReport {
    let event = try text()
    let method = try text()
    let url = try text()
    let body = try octets()
    let attempts = Int(try number(as: UInt32.self))
    return CallbackReport(
      event: event, method: method, url: url, body: body, attempts: attempts,
      status: try number(as: UInt16.self))
  }

  private mutating func question() throws(Damage) -> TargetQuestion {
    let dial = Int(try number(as: UInt32.self))
    let target = Int(try number(as: UInt32.self))
    let noun = try text()
    let written = try text()
    var attributes: [OtherNoun.Attribute] = []
    for _ in 0..<(try number(as: UInt8.self)) {
      let name = try text()
      attributes.append(OtherNoun.Attribute(name: name, value: try text()))
    }
    return TargetQuestion(
      dial: dial, target: target, noun: noun, text: written, attributes: attributes,
      documentURL: try text())
  }

  private mutating func optionalCall() throws(Damage) -> CallNumber? {
    try optional { (reader: inout FieldReader) throws(Damage) in try reader.call() }
  }

  private mutating func optionalCode() throws(Damage) -> UInt16? {
    try optional { (reader: inout FieldReader) throws(Damage) in
      try reader.number(as: UInt16.self)
    }
  }

  private mutating func optionalNamed<Value: RawRepresentable>(
    _ type: Value.Type
  ) throws(Damage) -> Value? where Value.RawValue == String {
    try optional { (reader: inout FieldReader) throws(Damage) in try reader.named(type) }
  }

  mutating func party() throws(Damage) -> Party {
    switch try octet() {
    case 1: return .caller
    case 2: return .leg(LegNumber(try number(as: UInt32.self)))
    case let kind: throw Damage(text: "there is no party \(kind)")
    }
  }

  private mutating func finding() throws(Damage) -> Finding {
    let severity = try raw(Finding.Severity.self)
    let code = try named(FindingCode.self)
    let line = Int(try signed())
    let column = Int(try signed())
    return Finding(severity: severity, code: code, line: line, column: column, text: try text())
  }

  private mutating func legStatus() throws(Damage) -> LegStatus {
    let event = try raw(SipNoun.Event.self)
    let sid = try sid()
    let to = try text()
    let status = try named(CallStatus.self)
    let instant = Instant(nanoseconds: try number())
    let code = try optionalCode()
    let duration = Int(try signed())
    return LegStatus(
      event: event, sid: sid, to: to, status: status, instant: instant, sipCode: code,
      duration: duration, hangupBy: try optionalNamed(HangupSide.self))
  }

  private mutating func dialResult() throws(Damage) -> DialResult {
    var result = DialResult(status: try named(CallStatus.self))
    result.leg = try optional { (reader: inout FieldReader) throws(Damage) in
      LegNumber(try reader.number(as: UInt32.self))
    }
    result.legSid = try optional { (reader: inout FieldReader) throws(Damage) in try reader.sid() }
    result.duration = Int(try signed())
    result.bridged = try flag()
    result.ringDuration = Int(try signed())
    result.sipCode = try optionalCode()
    result.screening = try optionalNamed(DialResult.Screening.self)
    result.hangupBy = try optionalNamed(HangupSide.self)
    result.recording = try optional { (reader: inout FieldReader) throws(Damage) in
      try reader.recording()
    }
    return result
  }

  private mutating func recording() throws(Damage) -> Recording {
    let url = try text()
    let sid = try text()
    return Recording(url: url, sid: sid, duration: Int(try signed()))
  }

  private mutating func callEnd() throws(Damage) -> CallEnd {
    let status = try named(CallStatus.self)
    let code = try optionalCode()
    let side = try named(HangupSide.self)
    return CallEnd(status: status, sipCode: code, hangupBy: side, duration: Int(try signed()))
  }
}
