import RCMLBasics

/// Provisional responses of ours that want to be acknowledged (RFC 3262 §3, §5, spec U-21).
extension UserAgent {
  /// An 18x as this caller wants it.
  mutating func giveRinging(_ session: Session, _ detail: ResponseDetail, at now: Instant) {
    guard wantsAcknowledgement(detail, session) else { return giveInvite(session, detail, at: now) }
    var detail = detail
    // An offer in it would want its answer in the PRACK: ours is in the 2xx. And an answer is said once.
    let offer = session.inviteServer.map { sdp(of: $0.request) } ?? []
    if offer.isEmpty || session.provisionals?.isAnswered == true { detail.body = [] }
    if session.provisionals == nil {
      session.provisionals = ReliableProvisionals(random: random.next())
    }
    if !detail.body.isEmpty { session.provisionals?.isAnswered = true }
    ring(session, detail, at: now)
  }

  /// The caller has its answer from a provisional response: the 2xx can only repeat it.
  package func hasAnswer(_ id: SessionID) -> Bool {
    sessions[id.number]?.provisionals?.isAnswerSent ?? false
  }

  /// Where the caller requires it, every response; where it only can, those that hold the answer: a lost one would be
  /// silence until the 2xx.
  private func wantsAcknowledgement(_ detail: ResponseDetail, _ session: Session) -> Bool {
    guard let request = session.inviteServer?.request else { return false }
    if request.hasOption("100rel", in: .require) { return true }
    return !detail.body.isEmpty && !sdp(of: request).isEmpty
      && request.hasOption("100rel", in: .supported)
  }

  private mutating func ring(_ session: Session, _ detail: ResponseDetail, at now: Instant) {
    runProvisionals(session, detail, at: now) {
      $0.rings(hasAnswer: !detail.body.isEmpty, at: now)
    }
  }

  /// PRACK.
  mutating func acknowledgementArrived(
    _ session: Session, ofProvisional server: ServerTransaction, at now: Instant
  ) {
    guard let number = ResponseNumber(of: server.request), let last = lastResponse(of: session),
      number == last
    else { return answer(server, 481, at: now) }
    let hasOffer = !server.request.body.isEmpty
    runProvisionals(session, server: server, at: now) {
      hasOffer ? $0.acknowledgedWithOffer() : $0.acknowledged()
    }
    schedule(session)
    dropStaleDeadlines()
  }

  private func lastResponse(of session: Session) -> ResponseNumber? {
    guard let rseq = session.provisionals?.rseq, let cseq = session.inviteServer?.request.cseq
    else { return nil }
    return ResponseNumber(rseq: rseq, cseq: cseq)
  }

  /// Gives the machine an input and performs what it says, in order.
  mutating func runProvisionals(
    _ session: Session, _ detail: ResponseDetail = ResponseDetail(),
    server: ServerTransaction? = nil, at now: Instant,
    _ input: (inout ReliableProvisionalMachine) -> EffectList<ReliableProvisionalMachine.Effect>
  ) {
    guard var provisionals = session.provisionals else { return }
    let effects = input(&provisionals.machine)
    session.provisionals = provisionals
    for effect in effects {
      switch effect {
      case .sendRinging:
        giveInvite(session, detail, rseq: session.provisionals?.nextRSeq(), at: now)
        session.provisionals?.response = session.inviteServer?.response ?? []
        if !detail.body.isEmpty { session.provisionals?.isAnswerSent = true }
      // A phone that lets more than these wait is not told the rest.
      case .queueRinging: _ = session.provisionals?.queue.append(detail)
      case .repeatRinging:
        guard let invite = session.inviteServer, let bytes = session.provisionals?.response else {
          continue
        }
        respondAgain(bytes, to: invite.request, over: invite.flow, at: now)
      case .sendNext:
        if let next = session.provisionals?.queue.popFirst() { ring(session, next, at: now) }
      case .sendAnswer:
        guard let answer = session.provisionals?.heldAnswer else { continue }
        session.provisionals?.heldAnswer = nil
        runIncoming(session, detail: answer, at: now) { $0.acceptAsked() }
      case .holdAnswer: runIncoming(session, at: now) { $0.acceptHeldBack() }
      case .acceptAcknowledgement:
        if session.provisionals?.isAnswerSent == true {
          session.provisionals?.isAnswerAcknowledged = true
        }
        answer(server, 200, at: now)
      case .refuseStray: answer(server, 481, at: now)
      case .refuseOffer:
        answer(server, server.flatMap { bodyRefusal($0.request)?.code } ?? 488, at: now)
      case .giveUp: runIncoming(session, at: now) { $0.provisionalMissed() }
      }
    }
  }

  private mutating func answer(_ server: ServerTransaction?, _ code: UInt16, at now: Instant) {
    guard let server else { return }
    var writer = response(code, to: server)
    if code == 415 { writer.header.field("Accept", text: UserAgent.accepted) }
    give(code, writer.finish(), to: server, at: now)
  }
}
