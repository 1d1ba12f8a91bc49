import RCMLBasics

/// Provisional responses that want to be acknowledged, ours and the peers' (RFC 3262, spec U-21).
extension SessionLayer {
  // MARK: - Ours

  /// An 18x as this caller wants it.
  func giveRinging(_ session: Session, _ detail: ResponseDetail, at now: Instant) {
    guard let answer = session.answer, wantsAcknowledgement(detail, answer) else {
      return giveInvite(session, detail, at: now)
    }
    var detail = detail
    answer.beginReliably { context.nextRandom() }
    // An offer in it would want its answer in the PRACK: ours is in the 2xx. And an answer is said once.
    if !answer.hasOffer || answer.provisionals?.isAnswered == true { detail.body = [] }
    if !detail.body.isEmpty { _ = answer.change { $0.isAnswered = true } }
    ring(session, detail, at: now)
  }

  /// Where the caller requires it, every response; where it only can, those that hold the answer: a lost one would be
  /// silence until the 2xx.
  private func wantsAcknowledgement(_ detail: ResponseDetail, _ answer: InviteAnswer) -> Bool {
    guard let request = answer.server.request else { return false }
    if request.hasOption("100rel", in: .require) { return true }
    return !detail.body.isEmpty && answer.hasOffer
      && request.hasOption("100rel", in: .supported)
  }

  private func ring(_ session: Session, _ detail: ResponseDetail, at now: Instant) {
    runProvisionals(session, detail, at: now) {
      $0.rings(hasAnswer: !detail.body.isEmpty, at: now)
    }
  }

  /// PRACK.
  func provisionalAcknowledged(
    _ session: Session, _ server: ServerTransaction, _ message: Message, at now: Instant
  ) {
    guard let answer = session.answer, let rseq = answer.provisionals?.rseq,
      let number = ResponseNumber(of: message),
      number == ResponseNumber(rseq: rseq, cseq: answer.server.cseq)
    else { return respond(481, to: server, of: session, at: now) }
    context.add(.confirmed(session.id))
    answer.server.confirm()
    // What cannot be read may be an offer.
    let mayOffer = server.hasOffer || SessionLayer.bodyRefusal(message) != nil
    runProvisionals(session, server: server, at: now) {
      mayOffer ? $0.acknowledgedWithOffer() : $0.acknowledged()
    }
    schedule(session)
  }

  /// Gives the machine an input and performs what it says, in order.
  func runProvisionals(
    _ session: Session, _ detail: ResponseDetail = ResponseDetail(),
    server: ServerTransaction? = nil, at now: Instant,
    _ input: (inout ReliableProvisionalMachine) -> EffectList<ReliableProvisionalMachine.Effect>
  ) {
    guard let answer = session.answer, let effects = answer.change({ input(&$0.machine) }) else {
      return
    }
    for effect in effects {
      switch effect {
      case .sendRinging:
        giveInvite(session, detail, rseq: answer.change { $0.nextRSeq() }, at: now)
        _ = answer.change {
          $0.response = answer.server.response
          if !detail.body.isEmpty { $0.isAnswerSent = true }
        }
      // A phone that lets more than these wait is not told the rest.
      case .queueRinging: _ = answer.change { _ = $0.queue.append(detail) }
      case .repeatRinging:
        guard let bytes = answer.provisionals?.response else { continue }
        servers.repeatResponse(bytes, to: answer.server, at: now)
      case .sendNext:
        if let next = answer.change({ $0.queue.popFirst() }) ?? nil {
          ring(session, next, at: now)
        }
      case .sendAnswer:
        guard let held = answer.change({ $0.takeHeldAnswer() }) ?? nil else { continue }
        runIncoming(session, detail: held, at: now) { $0.acceptAsked() }
      case .holdAnswer: runIncoming(session, at: now) { $0.acceptHeldBack() }
      case .acceptAcknowledgement:
        _ = answer.change { $0.answerAcknowledged() }
        if let server { respond(200, to: server, of: session, at: now) }
      case .refuseStray:
        if let server { respond(481, to: server, of: session, at: now) }
      case .refuseOffer: refuseOfferInAcknowledgement(server, of: session, at: now)
      case .giveUp: runIncoming(session, at: now) { $0.provisionalMissed() }
      }
    }
  }

  private func refuseOfferInAcknowledgement(
    _ server: ServerTransaction?, of session: Session, at now: Instant
  ) {
    guard let server else { return }
    let code = server.request.flatMap { SessionLayer.bodyRefusal($0)?.code } ?? 488
    respond(code, to: server, of: session, at: now) { header in
      if code == 415 { Capabilities.writeAccepted(to: &header) }
    }
  }

  // MARK: - Theirs

  /// False: it is a repetition, or came before its predecessor, and says nothing to anybody.
  func takesReliable(
    _ session: Session, dialog index: Int, _ message: Message, at now: Instant
  ) -> Bool {
    guard message.hasOption("100rel", in: .require) else { return true }
    guard let rseq = message.number(of: .rseq), rseq > 0 else { return true }
    if let last = session.dialogs[index].remoteRSeq {
      guard rseq > last, rseq - last == 1 else { return false }
    }
    session.dialogs[index].remoteRSeq = rseq
    let body = message.sdp
    if !body.isEmpty, !session.dialogs[index].isUpdated {
      session.dialogs[index].reliableBody = body
    }
    sendInDialog(
      .reliable(dialog: index, rseq: rseq, cseq: message.cseq), session, dialog: index, at: now)
    return true
  }

  /// The SDP of a 2xx, or what a reliable response of the same dialog has answered before it.
  func answer(in message: Message, of session: Session) -> [UInt8] {
    let body = message.sdp
    guard let index = session.dialogs.index(withRemoteTag: message.toTag),
      body.isEmpty || session.dialogs[index].isUpdated
    else { return body }
    return session.dialogs[index].reliableBody
  }

  /// The SDP of a provisional response, unless an UPDATE has replaced it.
  func earlyDescription(in message: Message, of session: Session) -> [UInt8] {
    let body = message.sdp
    guard !body.isEmpty, let index = session.dialogs.index(withRemoteTag: message.toTag),
      session.dialogs[index].isUpdated
    else { return body }
    return []
  }
}
