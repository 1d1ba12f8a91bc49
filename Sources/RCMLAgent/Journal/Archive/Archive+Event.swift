import RCMLBasics
import RCMLDial
import RCMLDocument

/// What the host was told.
extension Archive {
  func hostEvent(_ x: HostEvent?) throws(Damage) -> HostEvent {
    switch try kind(of: x) {
    case .onCall:
      let x = x.flatMap { if case .onCall(let a, let b) = $0 { (a, b) } else { nil } }
      return .onCall(try call(x?.0), try callEvent(x?.1))
    case .question:
      let x = x.flatMap {
        if case .question(let a, let b, let c) = $0 { (a, b, c) } else { nil }
      }
      return .question(try question(x?.0), try call(x?.1), try question(x?.2))
    case .finding:
      let x = x.flatMap { if case .finding(let a, let b) = $0 { (a, b) } else { nil } }
      return .finding(try optional(x?.0, call), try finding(x?.1))
    case .message:
      let x = x.flatMap {
        if case .message(let a, let b, let c, let d) = $0 { (a, b, c, d) } else { nil }
      }
      return .message(
        sent: try flag(x?.0), try raw(x?.1), peer: try address(x?.2), text: try message(x?.3))
    case .refused:
      let x = x.flatMap { if case .refused(let a, let b) = $0 { (a, b) } else { nil } }
      return .refused(try reason(x?.0), from: try address(x?.1))
    case .drained:
      return .drained
    }
  }

  private func callEvent(_ x: CallEvent?) throws(Damage) -> CallEvent {
    switch try kind(of: x) {
    case .incoming:
      let x = x.flatMap { if case .incoming(let call) = $0 { call } else { nil } }
      return .incoming(try incomingCall(x))
    case .answered:
      return .answered
    case .ringing:
      return .ringing
    case .legStatus:
      let x = x.flatMap { if case .legStatus(let a, let b) = $0 { (a, b) } else { nil } }
      return .legStatus(try leg(x?.0), try legStatus(x?.1))
    case .dialEnded:
      let x = x.flatMap { if case .dialEnded(let result) = $0 { result } else { nil } }
      return .dialEnded(try dialResult(x))
    case .digit:
      let x = x.flatMap { if case .digit(let a, let b) = $0 { (a, b) } else { nil } }
      return .digit(try party(x?.0), try octet(x?.1))
    case .callback:
      let x = x.flatMap { if case .callback(let a, let b) = $0 { (a, b) } else { nil } }
      return .callback(try optional(x?.0, leg), try report(x?.1))
    case .exchange:
      let x = x.flatMap { if case .exchange(let report) = $0 { report } else { nil } }
      return .exchange(try exchangeReport(x))
    case .secret:
      let x = x.flatMap { if case .secret(let a, let b) = $0 { (a, b) } else { nil } }
      return .secret(try party(x?.0), try raw(x?.1))
    case .recording:
      let x = x.flatMap { if case .recording(let status) = $0 { status } else { nil } }
      return .recording(try recordingStatus(x))
    case .host:
      let x = x.flatMap { if case .host(let a, let b) = $0 { (a, b) } else { nil } }
      return .host(try party(x?.0), try hostAction(x?.1))
    case .ended:
      let x = x.flatMap { if case .ended(let end) = $0 { end } else { nil } }
      return .ended(try callEnd(x))
    }
  }

  private func question(_ x: Question?) throws(Damage) -> Question {
    switch try kind(of: x) {
    case .request:
      let x = x.flatMap {
        if case .request(let a, let b, let c, let d) = $0 { (a, b, c, d) } else { nil }
      }
      return .request(
        method: try text(x?.0), url: try url(x?.1), body: try octets(x?.2),
        try optional(x?.3, reason))
    case .target:
      let x = x.flatMap { if case .target(let question) = $0 { question } else { nil } }
      return .target(try targetQuestion(x))
    case .credentials:
      let x = x.flatMap {
        if case .credentials(let a, let b, let c) = $0 { (a, b, c) } else { nil }
      }
      return .credentials(
        try optional(x?.0, leg), realm: try text(x?.1), host: try text(x?.2))
    case .url:
      let x = x.flatMap { if case .url(let a, let b) = $0 { (a, b) } else { nil } }
      return .url(method: try text(x?.0), url: try url(x?.1))
    case .speech:
      let x = x.flatMap {
        if case .speech(let a, let b, let c, let d) = $0 { (a, b, c, d) } else { nil }
      }
      return .speech(
        text: try content(x?.0), markup: try content(x?.1), voice: try text(x?.2),
        language: try text(x?.3))
    case .verb:
      let x = x.flatMap { if case .verb(let question) = $0 { question } else { nil } }
      return .verb(try verbQuestion(x))
    }
  }

  private func verbQuestion(_ x: VerbQuestion?) throws(Damage) -> VerbQuestion {
    VerbQuestion(
      number: VerbNumber(try number(x?.number.number)), leg: try optional(x?.leg, leg),
      name: try text(x?.name), text: try content(x?.text),
      attributes: try list(x?.attributes, attribute), documentURL: try url(x?.documentURL))
  }

  private func targetQuestion(_ x: TargetQuestion?) throws(Damage) -> TargetQuestion {
    TargetQuestion(
      dial: try signed(x?.dial), target: try signed(x?.target), noun: try text(x?.noun),
      text: try content(x?.text), attributes: try list(x?.attributes, attribute),
      documentURL: try url(x?.documentURL))
  }

  private func attribute(_ x: OtherNoun.Attribute?) throws(Damage) -> OtherNoun.Attribute {
    let value = x.map { mask.attribute($0.name, $0.value) }
    return OtherNoun.Attribute(name: try text(x?.name), value: try text(value))
  }

  private func finding(_ x: Finding?) throws(Damage) -> Finding {
    Finding(
      severity: try raw(x?.severity), code: try named(x?.code), line: try signed(x?.line),
      column: try signed(x?.column), text: try text(x?.text),
      reason: try optional(x?.reason, reasonCode))
  }

  private func legStatus(_ x: LegStatus?) throws(Damage) -> LegStatus {
    LegStatus(
      event: try raw(x?.event), sid: try sid(x?.sid), to: try text(x?.to),
      status: try named(x?.status), instant: try instant(x?.instant),
      sipCode: try optional(x?.sipCode, number), duration: try signed(x?.duration),
      hangupBy: try optional(x?.hangupBy, named), reason: try optional(x?.reason, reason))
  }

  private func dialResult(_ x: DialResult?) throws(Damage) -> DialResult {
    var result = DialResult(status: try named(x?.status))
    result.leg = try optional(x?.leg, leg)
    result.legSid = try optional(x?.legSid, sid)
    result.duration = try signed(x?.duration)
    result.bridged = try flag(x?.bridged)
    result.ringDuration = try signed(x?.ringDuration)
    result.sipCode = try optional(x?.sipCode, number)
    result.screening = try optional(x?.screening, named)
    result.hangupBy = try optional(x?.hangupBy, named)
    result.recording = try optional(x?.recording, recording)
    result.reason = try optional(x?.reason, reason)
    return result
  }

  private func recording(_ x: Recording?) throws(Damage) -> Recording {
    Recording(url: try url(x?.url), sid: try text(x?.sid), duration: try signed(x?.duration))
  }

  private func recordingStatus(_ x: RecordingStatus?) throws(Damage) -> RecordingStatus {
    RecordingStatus(
      state: try named(x?.state), recording: try recording(x?.recording),
      channels: try signed(x?.channels), source: try named(x?.source),
      reason: try optional(x?.reason, reason))
  }

  private func report(_ x: CallbackReport?) throws(Damage) -> CallbackReport {
    CallbackReport(
      event: try text(x?.event), method: try text(x?.method), url: try url(x?.url),
      body: try octets(x?.body), attempts: try signed(x?.attempts),
      status: try number(x?.status), reason: try optional(x?.reason, reason))
  }

  private func incomingCall(_ x: IncomingCall?) throws(Damage) -> IncomingCall {
    var call = IncomingCall(
      sid: try sid(x?.sid), from: try text(x?.from), to: try text(x?.to), name: try text(x?.name),
      requestURI: try text(x?.requestURI), transport: try raw(x?.transport),
      peer: try address(x?.peer), headers: try octets(x?.headers))
    call.peerNames = try text(x?.peerNames)
    return call
  }

  /// Masked already, each by itself, so that a replay's is the same.
  private func exchangeReport(_ x: HTTPReport?) throws(Damage) -> HTTPReport {
    HTTPReport(
      method: try text(x?.method), url: try text(x?.url), sent: try octets(x?.sent),
      status: try number(x?.status), failure: try text(x?.failure),
      contentType: try text(x?.contentType), received: try octets(x?.received),
      size: try signed(x?.size), elapsed: try interval(x?.elapsed))
  }

  private func callEnd(_ x: CallEnd?) throws(Damage) -> CallEnd {
    CallEnd(
      status: try named(x?.status), sipCode: try optional(x?.sipCode, number),
      hangupBy: try named(x?.hangupBy), duration: try signed(x?.duration),
      reason: try reason(x?.reason))
  }
}

extension HostEvent: Kinded {
  enum Kind: UInt8, CaseIterable {
    case onCall = 1
    case question = 2
    case finding = 3
    case message = 4
    case refused = 5
    case drained = 6
  }

  var kind: Kind {
    switch self {
    case .onCall: .onCall
    case .question: .question
    case .finding: .finding
    case .message: .message
    case .refused: .refused
    case .drained: .drained
    }
  }
}

extension CallEvent: Kinded {
  enum Kind: UInt8, CaseIterable {
    case incoming = 1
    case answered = 2
    case ringing = 3
    case legStatus = 4
    case dialEnded = 5
    case digit = 6
    case callback = 7
    case recording = 8
    case host = 9
    case ended = 10
    case exchange = 11
    case secret = 12
  }

  var kind: Kind {
    switch self {
    case .incoming: .incoming
    case .answered: .answered
    case .ringing: .ringing
    case .legStatus: .legStatus
    case .dialEnded: .dialEnded
    case .digit: .digit
    case .callback: .callback
    case .exchange: .exchange
    case .secret: .secret
    case .recording: .recording
    case .host: .host
    case .ended: .ended
    }
  }
}

extension Question: Kinded {
  enum Kind: UInt8, CaseIterable {
    case request = 1
    case target = 2
    case credentials = 3
    case url = 4
    case speech = 5
    case verb = 6
  }

  var kind: Kind {
    switch self {
    case .request: .request
    case .target: .target
    case .credentials: .credentials
    case .url: .url
    case .speech: .speech
    case .verb: .verb
    }
  }
}
