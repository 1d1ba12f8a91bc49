import RCMLBasics

/// Why a request is refused without a session.
struct Refusal: Sendable {
  /// The header field that goes with the code.
  enum Extra: Sendable {
    case none, allow, accept, unsupported, retryAfter, leastInterval
  }

  var code: UInt16
  /// For the log.
  var reason: StaticString
  var extra: Extra

  init(_ code: UInt16, _ reason: StaticString, _ extra: Extra = .none) {
    self.code = code
    self.reason = reason
    self.extra = extra
  }
}

/// Who calls, where the setting `require_auth` wants to know.
extension UserAgent {
  /// False: 401 has been said.
  mutating func isAuthenticated(_ message: Message, _ flow: Flow, at now: Instant) -> Bool {
    guard let required = settings.required else { return true }
    let verdict = callers.judge(message, required, at: now)
    add(.judged(verdict.rawValue))
    switch verdict {
    case .accepted: return true
    case .missing, .stale: break
    case .wrong: add(.refused("wrong credentials", code: 401, from: flow.remote))
    }
    let nonce = callers.makeNonce(random.next(), at: now)
    let tag = statelessTag(message)
    respondNoLarger(to: message, over: flow, at: now) { form in
      var writer = ResponseWriter(
        to: message, code: 401, source: flow.remote, toTag: tag[...], isCompact: form != .full)
      writer.header.fields(
        "WWW-Authenticate",
        CallerAuthentication.challenges(
          nonce, isStale: verdict == .stale, plain: form == .bare))
      return writer.finish()
    }
    return false
  }

  /// What a replay knows from its journal about the next INVITEs.
  package mutating func foresee(_ verdict: UInt8) {
    if let verdict = CallerAuthentication.Verdict(rawValue: verdict) {
      callers.foreseen.append(verdict)
    }
  }
}

/// Answers that leave nothing behind (spec Q-24, failures A6): no transaction, no timer, no repetition of ours.
extension UserAgent {
  mutating func refuse(
    _ message: Message, _ refusal: Refusal, over flow: Flow, at now: Instant
  ) {
    let tag = statelessTag(message)
    let missing = unsupported(by: message)
    respondNoLarger(to: message, over: flow, at: now) { form in
      var writer = ResponseWriter(
        to: message, code: refusal.code, source: flow.remote, toTag: tag[...],
        isCompact: form != .full)
      guard form != .bare else { return writer.finish() }
      switch refusal.extra {
      case .none: break
      case .allow: writer.header.field("Allow", text: UserAgent.allowed)
      case .accept: writer.header.field("Accept", text: UserAgent.accepted)
      case .unsupported:
        for option in missing { writer.header.field("Unsupported", option) }
      case .leastInterval:
        writer.header.field("Min-SE", number: UInt64(SessionInterval.minimum))
      case .retryAfter: writer.header.field("Retry-After", text: "30")
      }
      return writer.finish()
    }
    add(.refused(refusal.reason, code: refusal.code, from: flow.remote))
  }

  mutating func refuse(_ malformed: Malformed, over flow: Flow, at now: Instant) {
    if malformed.code != 0, let message = malformed.message {
      let tag = statelessTag(message)
      respondNoLarger(to: message, over: flow, at: now) { form in
        guard
          var writer = ResponseWriter(
            refusing: malformed, source: flow.remote, toTag: tag[...], isCompact: form != .full)
        else { return [] }
        if form != .bare, malformed.code == 501 || malformed.code == 405 {
          writer.header.field("Allow", text: UserAgent.allowed)
        }
        return writer.finish()
      }
    }
    add(.refused(malformed.reason, code: malformed.code, from: flow.remote))
  }

  mutating func reply(
    _ code: UInt16, to message: Message, toTag: [UInt8], over flow: Flow, at now: Instant
  ) {
    var writer = ResponseWriter(to: message, code: code, source: flow.remote, toTag: toTag[...])
    respond(writer.finish(), to: message, over: responseFlow(message, flow), at: now)
  }

  /// RFC 3261 §11.2. What is only useful is left out when the answer would be larger than the question (A6).
  mutating func replyToOptions(_ message: Message, over flow: Flow, at now: Instant) {
    let tag = statelessTag(message)
    let product = settings.userAgent
    respondNoLarger(to: message, over: flow, at: now) { form in
      var writer = ResponseWriter(
        to: message, code: 200, source: flow.remote, toTag: tag[...], isCompact: form != .full)
      if form != .bare {
        writer.header.field("Allow", text: UserAgent.allowed)
        writer.header.field("Accept", text: UserAgent.accepted)
      }
      if form == .full, !product.isEmpty { writer.header.field("Server", product) }
      return writer.finish()
    }
  }

  private enum Form: CaseIterable { case full, compact, bare }

  /// Whoever fakes a sender's address must not make us send more than it did (spec Q-24, failures A6): over UDP
  /// the names become letters and the phrase goes, then what is only useful; where that is not enough nothing is
  /// said.
  private mutating func respondNoLarger(
    to message: Message, over flow: Flow, at now: Instant, _ write: (Form) -> [UInt8]
  ) {
    for form in Form.allCases {
      let response = write(form)
      guard !response.isEmpty else { return }
      if flow.transport.isReliable || response.count <= message.bytes.count {
        return respond(response, to: message, over: responseFlow(message, flow), at: now)
      }
    }
  }

  /// The same for every repetition of the request (§8.2.7), unpredictable to others.
  private func statelessTag(_ message: Message) -> [UInt8] {
    var writer = ByteWriter(capacity: 16)
    writer.appendHex(serverKey(message, as: message.method).high)
    return writer.bytes
  }
}
