import RCMLBasics

/// 401 and 407 to requests of ours (RFC 3261 §22, spec A-1 … ). What may be done is decided by
/// Authentication.table.md.
extension SessionLayer {
  /// True: the INVITE goes out again, or the host is asked; the 401 or 407 is not the leg's final response.
  func handleChallenge(
    _ session: Session, _ client: ClientTransaction, _ sent: SentRequest, _ message: Message,
    at now: Instant
  ) -> Bool {
    guard let challenges = challenges(of: message), session.isCalling,
      let attempt = session.attempt, let invite = attempt.invite
    else { return false }
    var authentication =
      attempt.authentication
      ?? Authentication(dialled: attempt.dialled, credentials: invite.credentials)
    let isDialled = authentication.isDialled(client.head.uri)
    authentication.place = DialledPlace(client.head.uri)
    var effects = EffectList<AuthenticationMachine.Effect>.none
    switch authentication.assess(challenges, carried: sent.answered, isDialled: isDialled) {
    case .known(let challenges):
      take(challenges, &authentication, isDialled, client)
      effects = authentication.machine.challengedKnown()
    case .stale(let challenges):
      take(challenges, &authentication, isDialled, client)
      effects = authentication.machine.challengedStale()
    case .unknown(let challenges):
      if settings.asksCredentials {
        authentication.question = challenges
        authentication.remote = client.path.flow.remote
        effects = authentication.machine.challengedUnknown()
      } else {
        attempt.meet(.noCredentials)
        effects = authentication.machine.challengedUnanswerable()
      }
    case .again:
      attempt.meet(.wrongPassword)
      effects = authentication.machine.challengedAgain()
    case .unanswerable:
      attempt.meet(.uselessChallenge)
      effects = authentication.machine.challengedUnanswerable()
    }
    authentication.candidates = attempt.otherAddresses
    authentication.refusal = message
    attempt.authentication = authentication
    return perform(effects, session, attempt, at: now)
  }

  private func take(
    _ challenges: [Challenge], _ authentication: inout Authentication, _ isDialled: Bool,
    _ client: ClientTransaction
  ) {
    context.withRandom {
      authentication.take(
        challenges, isDialled: isDialled, from: client.path.flow.remote, random: &$0)
    }
  }

  /// nil = no challenge at all.
  private func challenges(of message: Message) -> [Challenge]? {
    guard message.statusCode == 401 || message.statusCode == 407 else { return nil }
    // A proxy that forked hands on what all branches asked for, 401 and 407 together (RFC 3261 §16.7).
    return Challenge.read(message.values(of: .wwwAuthenticate), .origin)
      + Challenge.read(message.values(of: .proxyAuthenticate), .proxy)
  }

  /// False: refused.
  private func perform(
    _ effects: EffectList<AuthenticationMachine.Effect>, _ session: Session,
    _ attempt: InviteAttempt, at now: Instant
  ) -> Bool {
    for effect in effects {
      switch effect {
      case .sendAgain:
        let candidates = attempt.authentication?.candidates
        attempt.authentication?.candidates = nil
        attempt.authentication?.refusal = nil
        inviteAgain(session, candidates, at: now)
        return true
      case .askHost:
        pause(session, at: now)
        let realm = attempt.authentication?.question.first?.realm ?? []
        let place = DialledPlace.text(of: attempt.invite?.target ?? [])
        tell(session, .credentialsWanted(realm: realm, place: place))
        return true
      case .refuse: return false
      }
    }
    return false
  }

  /// What the host knows for the realm of `credentialsWanted`; nil = nothing: the leg ends with the code that asked.
  func giveCredentials(_ session: Session, _ credentials: Credentials?, at now: Instant) {
    guard !session.life.isEnded, let attempt = session.attempt,
      var authentication = attempt.authentication, authentication.machine.isAsking
    else { return }
    let challenges = authentication.question
    authentication.question = []
    guard let credentials, let realm = challenges.first?.realm, let remote = authentication.remote
    else {
      _ = authentication.machine.credentialsDenied()
      let refused = authentication.refusal
      authentication.refusal = nil
      attempt.authentication = authentication
      let reason = refused.map { refusal($0, by: attempt.dialled, as: .noCredentials) }
      return run(session, refused, failure: reason, at: now) { $0.rejectionArrived() }
    }
    authentication.give(credentials, for: realm)
    let isDialled = authentication.isDialled(attempt.invite?.target ?? [])
    context.withRandom {
      authentication.take(challenges, isDialled: isDialled, from: remote, random: &$0)
    }
    let effects = authentication.machine.credentialsGiven()
    attempt.authentication = authentication
    _ = perform(effects, session, attempt, at: now)
  }

  // MARK: - Inside the dialog

  /// True: a request inside a dialog of ours goes out again, with credentials that are known (spec A-7), as long as
  /// somebody wants it. They are shown to nobody but the address that was dialled.
  func sendsAgainInDialog(
    _ session: Session, _ client: ClientTransaction, _ sent: SentRequest, _ message: Message,
    at now: Instant
  ) -> Bool {
    guard session.wants(sent.purpose), let challenges = challenges(of: message),
      let attempt = session.attempt, let index = sent.purpose.dialog ?? session.leg,
      session.dialogs.contains(index),
      transport.isUsable(client.path.flow),
      attempt.authentication != nil || attempt.credentials != nil
    else { return false }
    var authentication =
      attempt.authentication
      ?? Authentication(dialled: attempt.dialled, credentials: attempt.credentials)
    let isDialled = client.path.flow.remote == attempt.dialledRemote
    var machine = sent.authentication
    var effects = EffectList<AuthenticationMachine.Effect>.none
    switch authentication.assess(challenges, carried: sent.answered, isDialled: isDialled) {
    case .known(let challenges) where isDialled:
      take(challenges, &authentication, isDialled, client)
      effects = machine.challengedKnown()
    case .stale(let challenges) where isDialled:
      take(challenges, &authentication, isDialled, client)
      effects = machine.challengedStale()
    case .known, .stale, .unknown, .unanswerable: effects = machine.challengedUnanswerable()
    case .again: effects = machine.challengedAgain()
    }
    attempt.authentication = authentication
    guard effects.contains(.sendAgain) else { return false }
    sendAgain(session, attempt, client, sent, machine, dialog: index, at: now)
    return true
  }

  /// Everything as it was, but CSeq, branch and credentials.
  private func sendAgain(
    _ session: Session, _ attempt: InviteAttempt, _ client: ClientTransaction,
    _ sent: SentRequest, _ machine: AuthenticationMachine, dialog index: Int, at now: Instant
  ) {
    session.dialogs[index].localCSeq &+= 1
    var head = client.head
    head.cseq = session.dialogs[index].localCSeq
    let rest = RequestHead.rest(of: client.bytes)
    let credentials = attempt.authentication?.lines(
      method: client.method, cseq: head.cseq, uri: head.uri, body: RequestHead.body(of: rest),
      to: client.path.flow.remote)
    head.credentials = credentials?.lines ?? []
    let again = clients.start(
      client.method, for: session.id.number, head: head,
      room: rest.count, at: now
    ) { writer in writer.end(rest: rest) }
    var request = SentRequest(
      transaction: again.number, octets: again.bytes.count, purpose: sent.purpose)
    request.authentication = machine
    request.answered = credentials?.answered ?? []
    session.life.sent(request)
    if case .offer = sent.purpose { session.offers.offerSent(transaction: again.number) }
  }
}
