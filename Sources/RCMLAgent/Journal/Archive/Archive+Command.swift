import RCMLBasics
import RCMLDial

/// What the host asked for.
extension Archive {
  func command(_ x: Command?) throws(Damage) -> Command {
    switch try kind(of: x) {
    case .set:
      let x = x.flatMap { if case .set(let a, let b) = $0 { (a, b) } else { nil } }
      return .set(name: try text(x?.0), value: try text(x.map { mask.setting($0.0, $0.1) }))
    case .reset:
      let x = x.flatMap { if case .reset(let name) = $0 { name } else { nil } }
      return .reset(name: try text(x))
    case .call:
      let x = x.flatMap { if case .call(let a, let b, let c, _, _) = $0 { (a, b, c) } else { nil } }
      return .call(party: try text(x?.0), from: try text(x?.1), try source(x?.2))
    case .callWithin:
      let x = x.flatMap {
        if case .call(let a, let b, let c, let d, let e) = $0 { (a, b, c, d, e) } else { nil }
      }
      return .call(
        party: try text(x?.0), from: try text(x?.1), try source(x?.2),
        limit: try interval(x?.3), settings: try list(x?.4, setting))
    case .hostCall:
      let x = x.flatMap { if case .hostCall(let a, let b) = $0 { (a, b) } else { nil } }
      return .hostCall(try hostCaller(x?.0), try optional(x?.1, source))
    case .onCall:
      let x = x.flatMap { if case .onCall(let a, let b) = $0 { (a, b) } else { nil } }
      return .onCall(try call(x?.0), try callCommand(x?.1))
    case .answer:
      let x = x.flatMap { if case .answer(let a, let b) = $0 { (a, b) } else { nil } }
      return .answer(try question(x?.0), try hostAnswer(x?.1))
    case .defaultDocument:
      let x = x.flatMap { if case .defaultDocument(let source) = $0 { source } else { nil } }
      return .defaultDocument(try optional(x, source))
    case .drain:
      return .drain
    case .stop:
      return .stop
    }
  }

  private func callCommand(_ x: CallCommand?) throws(Damage) -> CallCommand {
    switch try kind(of: x) {
    case .run:
      let x = x.flatMap { if case .run(let source) = $0 { source } else { nil } }
      return .run(try source(x))
    case .set:
      let x = x.flatMap { if case .set(let settings) = $0 { settings } else { nil } }
      return .set(try list(x, setting))
    case .ring:
      let x = x.flatMap { if case .ring(let code) = $0 { code } else { nil } }
      return .ring(code: try number(x))
    case .answer:
      return .answer
    case .reject:
      let x = x.flatMap { if case .reject(let a, let b) = $0 { (a, b) } else { nil } }
      return .reject(code: try number(x?.0), phrase: try text(x?.1))
    case .hangUp:
      return .hangUp
    case .endDial:
      return .endDial
    case .digit:
      let x = x.flatMap { if case .digit(let key) = $0 { key } else { nil } }
      return .digit(try octet(x))
    case .record:
      let x = x.flatMap { if case .record(let path) = $0 { path } else { nil } }
      return .record(path: try text(x))
    case .hostSays:
      let x = x.flatMap { if case .hostSays(let a, let b) = $0 { (a, b) } else { nil } }
      return .hostSays(try optional(x?.0, leg), try hostPartyReport(x?.1))
    }
  }

  private func hostAnswer(_ x: HostAnswer?) throws(Damage) -> HostAnswer {
    switch try kind(of: x) {
    case .request:
      let x = x.flatMap { if case .request(let a, let b, let c) = $0 { (a, b, c) } else { nil } }
      return .request(
        status: try number(x?.0), contentType: try text(x?.1), body: try document(x?.2))
    case .target:
      let x = x.flatMap { if case .target(let decision) = $0 { decision } else { nil } }
      return .target(try decision(x))
    case .credentials:
      let x = x.flatMap { if case .credentials(let a, let b) = $0 { (a, b) } else { nil } }
      return .credentials(
        username: try optional(x?.0, secret), password: try secret(x?.1))
    case .url:
      let x = x.flatMap { if case .url(let isAllowed) = $0 { isAllowed } else { nil } }
      return .url(isAllowed: try flag(x))
    case .speech:
      // A sound holds no secrets, and is written as it is played.
      let x = x.flatMap { if case .speech(let a, let b) = $0 { (a, b) } else { nil } }
      return .speech(contentType: try text(x?.0), body: try optional(x?.1, body))
    case .verb:
      let x = x.flatMap { if case .verb(let decision) = $0 { decision } else { nil } }
      return .verb(try decision(x))
    }
  }

  private func decision(_ x: VerbDecision?) throws(Damage) -> VerbDecision {
    switch try kind(of: x) {
    case .skip:
      return .skip
    case .done:
      return .done
    case .document:
      let x = x.flatMap { if case .document(let source) = $0 { source } else { nil } }
      return .document(try source(x))
    }
  }

  private func decision(_ x: TargetDecision?) throws(Damage) -> TargetDecision {
    switch try kind(of: x) {
    case .asItIs:
      return .asItIs
    case .denied:
      return .denied
    case .instead:
      let x = x.flatMap { if case .instead(let a, let b, let c) = $0 { (a, b, c) } else { nil } }
      return .instead(
        uri: try url(x?.0), username: try optional(x?.1, secret),
        password: try optional(x?.2, secret))
    }
  }

  /// A secret is masked, and every other value as its kind demands.
  func setting(_ x: CallSetting?) throws(Damage) -> CallSetting {
    CallSetting(
      try text(x?.name), try text(x.map { mask.setting($0.name, $0.value) }))
  }

  private func source(_ x: DocumentSource?) throws(Damage) -> DocumentSource {
    switch try kind(of: x) {
    case .text:
      let x = x.flatMap { if case .text(let a, let b) = $0 { (a, b) } else { nil } }
      return .text(try document(x?.0), baseURL: try url(x?.1))
    case .url:
      let x = x.flatMap { if case .url(let a, let b) = $0 { (a, b) } else { nil } }
      return .url(try url(x?.0), method: try text(x?.1))
    }
  }

  /// The result of a command.
  func result(
    _ x: Result<CommandResult, Refusal>?
  ) throws(Damage) -> Result<CommandResult, Refusal> {
    switch try kind(of: x) {
    case .done:
      return .success(.done)
    case .called:
      let x = x.flatMap { if case .success(.called(let call)) = $0 { call } else { nil } }
      return .success(.called(try call(x)))
    case .refused:
      let x = x.flatMap { if case .failure(let refusal) = $0 { refusal } else { nil } }
      guard let code = Int32(exactly: try signed(x.map { Int64($0.code) })) else {
        throw Damage(text: "a refusal has no such code")
      }
      return .failure(Refusal(code: code, text: try text(x?.text)))
    }
  }
}

extension Command: Kinded {
  enum Kind: UInt8, CaseIterable {
    case set = 1
    case call = 2
    case hostCall = 3
    case onCall = 4
    case answer = 5
    case defaultDocument = 6
    case drain = 7
    case stop = 8
    case reset = 9
    /// A `call` with a limit or settings of its own.
    case callWithin = 10
  }

  var kind: Kind {
    switch self {
    case .set: .set
    case .reset: .reset
    case .call(_, _, _, let limit, let settings):
      limit == .zero && settings.isEmpty ? .call : .callWithin
    case .hostCall: .hostCall
    case .onCall: .onCall
    case .answer: .answer
    case .defaultDocument: .defaultDocument
    case .drain: .drain
    case .stop: .stop
    }
  }
}

extension CallCommand: Kinded {
  enum Kind: UInt8, CaseIterable {
    case run = 1
    case ring = 2
    case answer = 3
    case reject = 4
    case hangUp = 5
    case endDial = 6
    case digit = 7
    case record = 8
    case hostSays = 9
    case set = 10
  }

  var kind: Kind {
    switch self {
    case .run: .run
    case .set: .set
    case .ring: .ring
    case .answer: .answer
    case .reject: .reject
    case .hangUp: .hangUp
    case .endDial: .endDial
    case .digit: .digit
    case .record: .record
    case .hostSays: .hostSays
    }
  }
}

extension HostAnswer: Kinded {
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

extension VerbDecision: Kinded {
  enum Kind: UInt8, CaseIterable {
    case skip = 1
    case done = 2
    case document = 3
  }

  var kind: Kind {
    switch self {
    case .skip: .skip
    case .done: .done
    case .document: .document
    }
  }
}

extension TargetDecision: Kinded {
  enum Kind: UInt8, CaseIterable {
    case asItIs = 1
    case denied = 2
    case instead = 3
  }

  var kind: Kind {
    switch self {
    case .asItIs: .asItIs
    case .denied: .denied
    case .instead: .instead
    }
  }
}

extension DocumentSource: Kinded {
  enum Kind: UInt8, CaseIterable {
    case text = 1
    case url = 2
  }

  var kind: Kind {
    switch self {
    case .text: .text
    case .url: .url
    }
  }
}

extension Result: Kinded where Success == CommandResult, Failure == Refusal {
  enum Kind: UInt8, CaseIterable {
    case done = 1
    case called = 2
    case refused = 3
  }

  var kind: Kind {
    switch self {
    case .success(.done): .done
    case .success(.called): .called
    case .failure: .refused
    }
  }
}
