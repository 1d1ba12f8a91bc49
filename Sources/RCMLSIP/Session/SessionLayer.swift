import RCMLBasics

/// INVITE sessions of both directions (spec U): it knows the transactions and the transport below it, and tells what
/// happened by effects. Session/README.md is its page.
final class SessionLayer {
  let context: UserAgentContext
  let transport: TransportLayer
  let clients: ClientTransactions
  let servers: ServerTransactions
  let stateless: StatelessResponses
  private var sessions = SlotTable<Session>()
  /// Requests that wait for a way, by the number of its search.
  private var pending: [UInt64: PendingRequest] = [:]
  /// Who may call, where that is asked.
  private var callers: CallerAuthentication
  private(set) var isDraining = false
  /// How many have called, and whether one more may.
  let admission = CallAdmission()
  /// What of ours has been told to show an address of an inner network: each once.
  private var warned: Set<ShownAddress> = []

  private struct ShownAddress: Hashable {
    var subject: InnerAddress
    var host: [UInt8]
  }

  init(context: UserAgentContext, transport: TransportLayer, transactions: TransactionLayer) {
    self.context = context
    self.transport = transport
    clients = transactions.clients
    servers = transactions.servers
    stateless = transactions.stateless
    callers = CallerAuthentication(key: context.hashKey)
  }

  var settings: UserAgentSettings { context.settings }
  var count: Int { sessions.count }

  subscript(id: SessionID) -> Session? { sessions[id.number] }

  /// New INVITEs get 503 from now on (spec Q-6).
  func drain() { isDraining = true }

  func add(_ make: (UInt64) -> Session) -> Session { sessions.add(make).element }

  /// Whether a session lives on this listener that is not over for whoever has it.
  func use(_ listener: ListenerID) -> Bool {
    sessions.contains { session in
      guard case .datagram(listener, _)? = session.path?.flow else { return false }
      return !session.life.isEnded
    }
  }

  func tell(_ session: Session, _ event: SessionEvent) { context.tell(session.id, event) }

  func isTold(_ subject: InnerAddress, _ host: [UInt8]) -> Bool {
    warned.contains(ShownAddress(subject: subject, host: host))
  }

  /// False: it was told before, or there are more than anybody wants to read.
  func isNews(_ subject: InnerAddress, _ host: [UInt8]) -> Bool {
    warned.count < Limits.warnings
      && warned.insert(ShownAddress(subject: subject, host: host)).inserted
  }

  // MARK: - What the layers below tell

  func take(_ event: TransactionEvent, at now: Instant) {
    switch event {
    case .provisional(let client, let message, let path):
      provisionalArrived(client, message, over: path, at: now)
    case .answered(let client, let message, let path):
      answerArrived(client, message, over: path, at: now)
    case .rejected(let client, let message): rejectionArrived(client, message, at: now)
    case .finished(let client, let message, let path):
      finished(client, message, over: path, at: now)
    // RFC 3261 §8.1.3.1: a timeout counts as 408, a transport error as 503.
    case .timedOut(let client): failed(client, .silent, code: 408, at: now)
    case .transportFailed(let client, let failure):
      failed(client, failure.code, code: 503, at: now)
    case .ended(let client):
      guard let session = sessions[client.owner] else { return }
      session.life.forget(client.number)
      session.attempt?.ended(client.number)
      releaseIfDone(session)
    case .request(let request): take(request, at: now)
    case .acknowledgement(let message, let owner):
      let session = owner.map { sessions[$0] } ?? dialog(of: message)?.session
      guard let session else { return context.noteStranger() }
      acknowledgementArrived(session, message, at: now)
    case .cancelled(let server, let cancel): take(cancel: cancel, of: server, at: now)
    case .forgotten(let owner, let octets): sessions[owner]?.life.endServing(octets)
    }
  }

  /// A search that a request waited for has its end.
  func found(_ search: Search, _ path: Path, at now: Instant) {
    guard let request = stopWaiting(search.number) else { return }
    begin(request.kind, of: request.session, over: path, search, at: now)
    releaseIfDone(request.session)
  }

  func searchFailed(_ number: UInt64, _ reason: Reason, at now: Instant) {
    guard let request = stopWaiting(number) else { return }
    failBeforeSending(request.kind, of: request.session, reason, at: now)
    releaseIfDone(request.session)
  }

  // MARK: - Requests that wait

  func wait(_ kind: DialogRequest, of session: Session, for search: Search) {
    pending[search.number] = PendingRequest(session: session, kind: kind, search: search)
    session.life.beginWaiting(kind.octets)
    if case .invite = kind { session.attempt?.searching(search) }
  }

  private func stopWaiting(_ number: UInt64) -> PendingRequest? {
    guard let request = pending.removeValue(forKey: number) else { return nil }
    request.session.life.endWaiting(request.kind.octets)
    if case .invite = request.kind { request.session.attempt?.pause() }
    return request
  }

  /// Nobody wants our INVITE any more, and it is not out yet.
  func dropAttempt(_ session: Session) {
    guard let search = session.attempt?.search, stopWaiting(search.number) != nil else { return }
    transport.drop(search)
  }

  // MARK: - Ends

  /// The session's dialogs live on this way: a connection stays open for them (spec Q-22).
  func adopt(_ session: Session, _ path: Path) {
    leave(session)
    session.dialogs.use(path)
    transport.use(path.flow)
  }

  private func leave(_ session: Session) {
    if let path = session.path { transport.leave(path.flow) }
    session.dialogs.use(nil)
  }

  func releaseIfDone(_ session: Session) {
    guard session.life.isOver, sessions.remove(session.id.number) != nil else { return }
    leave(session)
  }

  /// The machine said so: the last event.
  func finish(_ session: Session, at now: Instant) {
    session.offers.leave()
    closeOffer(session, at: now)
    if let answer = session.answer, !session.life.isEnded {
      admission.callEnded(of: answer.server.way.source)
    }
    session.life.end()
    session.attempt?.end()
    session.answer?.end()
    session.offers.sessionEnded(at: now)
    session.refresh.stop()
    session.dialogs.keepalive.stop()
    session.join(nil)
    session.refer.allow(false)
    schedule(session)
    tell(session, .ended)
    releaseIfDone(session)
  }

  // MARK: - Callers

  /// Who calls, where the setting `require_auth` wants to know. False: 401 has been said.
  func isAuthenticated(_ message: Message, _ flow: Flow, at now: Instant) -> Bool {
    guard let required = settings.required else { return true }
    let verdict = callers.judge(message, required, at: now)
    context.add(.judged(verdict.rawValue))
    switch verdict {
    case .accepted: return true
    case .missing, .stale: break
    case .wrong:
      context.add(
        .refused("wrong credentials", code: 401, from: flow.remote, as: .callerUnknown))
    }
    let nonce = callers.makeNonce(at: now)
    stateless.challenge(message, nonce: nonce, isStale: verdict == .stale, over: flow, at: now)
    return false
  }

  /// What a replay knows from its journal about the next INVITEs.
  func foresee(_ verdict: UInt8) {
    if let verdict = CallerAuthentication.Verdict(rawValue: verdict) {
      callers.foreseen.append(verdict)
    }
  }

  // MARK: - Time

  func schedule(_ session: Session) {
    session.life.timer.schedule(
      session.nextDeadline, for: .session(session.id.number), in: context.timers)
  }

  func fire(_ number: UInt64, due: Instant, at now: Instant) {
    guard let session = sessions[number], session.life.timer.isQueued(at: due) else { return }
    session.life.timer.clear()
    timePassed(for: session, at: now)
    schedule(session)
  }

  private func timePassed(for session: Session, at now: Instant) {
    if let end = session.attempt?.cancelEnd, end <= now {
      session.attempt?.stopCancelWait()
      run(session, at: now) { $0.cancelWaitExpired() }
    }
    refreshTimerFired(session, at: now)
    keepWayOpen(session, at: now)
    runProvisionals(session, at: now) { $0.timePassed(at: now) }
    if let answer = session.answer {
      if answer.expires(at: now) { runIncoming(session, at: now) { $0.invitationExpired() } }
      switch answer.answerDue(at: now) {
      case .nothing: break
      case .repeatAnswer:
        servers.repeatResponse(answer.server.response, to: answer.server, at: now)
      case .missing: runIncoming(session, at: now) { $0.acknowledgementMissed() }
      }
    }
    perform(session.offers.timePassed(at: now), session, code: 487, at: now)
  }

  /// Is this entry of the queue still good? If it was the owner's, a later one takes its place.
  func keeps(_ number: UInt64, due: Instant) -> Bool {
    guard let session = sessions[number], session.life.timer.isQueued(at: due) else { return false }
    if let next = session.nextDeadline, next.instant <= due { return true }
    session.life.timer.clear()
    schedule(session)
    return false
  }
}
