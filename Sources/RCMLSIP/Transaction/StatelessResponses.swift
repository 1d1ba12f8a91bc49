import RCMLBasics

/// Answers that leave nothing behind (spec Q-24, failures A6): no transaction, no timer, no repetition of ours.
final class StatelessResponses {
  private let context: UserAgentContext
  private let transport: TransportLayer
  private let keys: RequestKeys

  init(context: UserAgentContext, transport: TransportLayer) {
    self.context = context
    self.transport = transport
    keys = RequestKeys(hashKey: context.hashKey)
  }

  func refuse(_ message: Message, _ refusal: Refusal, over flow: Flow, at now: Instant) {
    let tag = tag(for: message)
    let missing = Capabilities.unsupported(by: message)
    respondNoLarger(to: message, over: flow, at: now) { form in
      var writer = ResponseWriter(
        to: message, code: refusal.code, source: flow.remote, toTag: form == .least ? [] : tag[...],
        isCompact: form != .full)
      guard form == .full || form == .compact else { return finish(writer, form) }
      switch refusal.extra {
      case .none: break
      case .allow: writer.header.field("Allow", text: Capabilities.allowed)
      case .accept: Capabilities.writeAccepted(to: &writer.header)
      case .unsupported:
        for option in missing { writer.header.field("Unsupported", option) }
      case .leastInterval:
        writer.header.field("Min-SE", number: UInt64(SessionInterval.minimum))
      case .retryAfter(let seconds): writer.header.field("Retry-After", number: seconds)
      }
      return writer.finish()
    }
    if let limit = refusal.limit {
      context.add(.limited(limit))
    } else {
      context.add(
        .refused(refusal.reason, code: refusal.code, from: flow.remote, as: refusal.cause))
    }
  }

  func refuse(_ malformed: Malformed, over flow: Flow, at now: Instant) {
    if malformed.code != 0, let message = malformed.message {
      let tag = tag(for: message)
      respondNoLarger(to: message, over: flow, at: now) { form in
        guard
          var writer = ResponseWriter(
            refusing: malformed, source: flow.remote, toTag: form == .least ? [] : tag[...],
            isCompact: form != .full)
        else { return [] }
        if form == .full || form == .compact, malformed.code == 501 || malformed.code == 405 {
          writer.header.field("Allow", text: Capabilities.allowed)
        }
        return finish(writer, form)
      }
    }
    context.add(
      .refused(
        malformed.reason, code: malformed.code, from: flow.remote, as: .messageRefused))
  }

  /// 401 to a caller we do not know.
  func challenge(
    _ message: Message, nonce: [UInt8], isStale: Bool, over flow: Flow, at now: Instant
  ) {
    let tag = tag(for: message)
    let isSaid = respondNoLarger(to: message, over: flow, factor: 2, at: now) { form in
      var writer = ResponseWriter(
        to: message, code: 401, source: flow.remote, toTag: form == .least ? [] : tag[...],
        isCompact: form != .full)
      writer.header.fields(
        "WWW-Authenticate",
        CallerAuthentication.challenges(
          nonce, isStale: isStale, plain: form == .bare || form == .least))
      return finish(writer, form)
    }
    if !isSaid { tellOfSilence(401, over: flow) }
  }

  /// 200 to a CANCEL: it has the tag of the INVITE's responses; repeated, it gets the same again (§9.2).
  func acceptCancel(
    _ message: Message, toTag: ArraySlice<UInt8>, over flow: Flow, at now: Instant
  ) {
    let writer = ResponseWriter(to: message, code: 200, source: flow.remote, toTag: toTag)
    respond(writer.finish(), to: message, over: flow, at: now)
  }

  /// RFC 3261 §11.2. What is only useful is left out when the answer would be larger than the question (A6).
  func replyToOptions(_ message: Message, over flow: Flow, at now: Instant) {
    let tag = tag(for: message)
    let product = context.settings.userAgent
    let isSaid = respondNoLarger(to: message, over: flow, at: now) { form in
      var writer = ResponseWriter(
        to: message, code: 200, source: flow.remote, toTag: form == .least ? [] : tag[...],
        isCompact: form != .full)
      if form == .full || form == .compact {
        writer.header.field("Allow", text: Capabilities.allowed)
        writer.header.field("Accept", text: Capabilities.accepted)
        writer.header.field("Supported", text: Capabilities.supported)
      }
      if form == .full, !product.isEmpty { writer.header.field("Server", product) }
      return finish(writer, form)
    }
    if !isSaid { tellOfSilence(200, over: flow) }
  }

  private func finish(_ writer: consuming ResponseWriter, _ form: Form) -> [UInt8] {
    form == .least ? writer.finishWithoutLength() : writer.finish()
  }

  /// `least`: without To tag and Content-Length, which a datagram does without.
  private enum Form: CaseIterable { case full, compact, bare, least }

  /// Whoever fakes a sender's address must not make us send more than it did (spec Q-24, failures A6): over UDP
  /// the names become letters and the phrase goes, then what is only useful, then what a datagram does without; where
  /// that is not enough nothing is said.
  ///
  /// `factor`: 2 = a challenge, without which nobody could ever say who they are. False: nothing is said.
  @discardableResult
  private func respondNoLarger(
    to message: Message, over flow: Flow, factor: Int = 1, at now: Instant,
    _ write: (Form) -> [UInt8]
  ) -> Bool {
    var shortest: [UInt8] = []
    for form in Form.allCases {
      shortest = write(form)
      guard !shortest.isEmpty else { return false }
      if flow.transport.isReliable || shortest.count <= message.bytes.count { break }
    }
    guard flow.transport.isReliable || shortest.count <= message.bytes.count * factor else {
      return false
    }
    respond(shortest, to: message, over: flow, at: now)
    return true
  }

  /// Nobody else says so.
  private func tellOfSilence(_ code: UInt16, over flow: Flow) {
    context.add(
      .refused(
        "request shorter than any answer to it", code: code, from: flow.remote,
        as: .messageRefused))
  }

  private func respond(_ bytes: [UInt8], to message: Message, over flow: Flow, at now: Instant) {
    transport.respond(
      bytes, over: message.responseFlow(over: flow), port: message.topViaPort, at: now)
  }

  /// The same for every repetition of the request (§8.2.7), unpredictable to others.
  private func tag(for message: Message) -> [UInt8] {
    var writer = ByteWriter(capacity: 16)
    writer.appendHex(keys.transaction(of: message, as: message.method).high)
    return writer.finish()
  }
}
