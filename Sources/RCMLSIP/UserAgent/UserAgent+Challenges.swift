import RCMLBasics

/// 401 and 407 to requests of ours (RFC 3261 §22, spec A-1 … ). What may be done is decided by
/// Authentication.table.md.
extension UserAgent {
  /// True: the INVITE goes out again, or the host is asked; the 401 or 407 is not the leg's final response.
  mutating func takesChallenge(
    _ client: ClientTransaction, _ message: Message, at now: Instant
  ) -> Bool {
    let session = client.session
    guard let challenges = challenges(of: message), let invite = session.invite,
      case .outgoing(let machine) = session.machine, machine.isCalling
    else { return false }
    var authentication =
      session.authentication
      ?? Authentication(dialled: session.dialled, credentials: invite.credentials)
    let isDialled = authentication.isDialled(client.head.uri)
    authentication.place = DialledPlace(client.head.uri)
    var effects = EffectList<AuthenticationMachine.Effect>.none
    switch authentication.assess(challenges, carried: client.answered, isDialled: isDialled) {
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
        effects = authentication.machine.challengedUnanswerable()
      }
    case .again: effects = authentication.machine.challengedAgain()
    case .unanswerable: effects = authentication.machine.challengedUnanswerable()
    }
    authentication.candidates = client.candidates
    authentication.refusal = message
    session.authentication = authentication
    return perform(effects, session, at: now)
  }

  private mutating func take(
    _ challenges: [Challenge], _ authentication: inout Authentication, _ isDialled: Bool,
    _ client: ClientTransaction
  ) {
    authentication.take(
      challenges, isDialled: isDialled, from: client.path.flow.remote, random: &random)
  }

  /// nil = no challenge at all.
  private func challenges(of message: Message) -> [Challenge]? {
    guard message.statusCode == 401 || message.statusCode == 407 else { return nil }
    // A proxy that forked hands on what all branches asked for, 401 and 407 together (RFC 3261 §16.7).
    return Challenge.read(message.values(of: .wwwAuthenticate), .origin)
      + Challenge.read(message.values(of: .proxyAuthenticate), .proxy)
  }

  /// False: refused.
  private mutating func perform(
    _ effects: EffectList<AuthenticationMachine.Effect>, _ session: Session, at now: Instant
  ) -> Bool {
    for effect in effects {
      switch effect {
      case .sendAgain:
        let candidates = session.authentication?.candidates
        session.authentication?.candidates = nil
        session.authentication?.refusal = nil
        inviteAgain(session, candidates, at: now)
        return true
      case .askHost:
        pause(session, at: now)
        let realm = session.authentication?.question.first?.realm ?? []
        let place = DialledPlace.text(of: session.invite?.target ?? [])
        tell(session, .credentialsWanted(realm: realm, place: place))
        return true
      case .refuse: return false
      }
    }
    return false
  }

  /// The INVITE has its final response, but the leg has not.
  mutating func pause(_ session: Session, at now: Instant) {
    run(session, at: now) { $0.attemptMoved() }
    dropTheirOffer(session, at: now)
    session.dialogs = []
    session.inviteTransaction = nil
  }

  /// The same INVITE with the next CSeq, at the address that asked, or where it is to be found now (spec A-4).
  mutating func inviteAgain(
    _ session: Session, _ old: Outbound?, at now: Instant
  ) {
    guard let invite = session.invite else { return }
    pause(session, at: now)
    session.inviteCSeq &+= 1
    guard let old, old.next < old.candidates.count else {
      let proxy = settings.outboundProxy
      return dispatch(
        .invite, of: session, toward: proxy.isEmpty ? invite.target : proxy, at: now)
    }
    tryAgain(session, old, from: old.next, at: now)
  }

  /// What the host knows for the realm of `credentialsWanted`; nil = nothing: the leg ends with the code that asked.
  package mutating func giveCredentials(
    _ id: SessionID, _ credentials: Credentials?, at now: Instant
  ) {
    guard let session = sessions[id.number], var authentication = session.authentication,
      authentication.machine.isAsking, !session.isEnded
    else { return }
    let challenges = authentication.question
    authentication.question = []
    guard let credentials, let realm = challenges.first?.realm, let remote = authentication.remote
    else {
      _ = authentication.machine.credentialsDenied()
      let refusal = authentication.refusal
      authentication.refusal = nil
      session.authentication = authentication
      run(session, refusal, at: now) { $0.rejectionArrived() }
      return dropStaleDeadlines()
    }
    authentication.give(credentials, for: realm)
    authentication.take(
      challenges, isDialled: authentication.isDialled(session.invite?.target ?? []),
      from: remote, random: &random)
    let effects = authentication.machine.credentialsGiven()
    session.authentication = authentication
    _ = perform(effects, session, at: now)
    dropStaleDeadlines()
  }

  // MARK: - Inside the dialog

  /// True: a request inside a dialog of ours goes out again, with credentials that are known (spec A-7). They are
  /// shown to nobody but the address that was dialled.
  mutating func takesChallengeInDialog(
    _ client: ClientTransaction, _ message: Message, at now: Instant
  ) -> Bool {
    let session = client.session
    guard let challenges = challenges(of: message), session.isOutgoing,
      let index = client.purpose.dialog ?? session.leg, session.dialogs.indices.contains(index),
      isUsable(client.path.flow), session.authentication != nil || session.credentials != nil
    else { return false }
    var authentication =
      session.authentication
      ?? Authentication(dialled: session.dialled, credentials: session.credentials)
    let isDialled = client.path.flow.remote == session.dialledRemote
    var machine = client.authentication
    var effects = EffectList<AuthenticationMachine.Effect>.none
    switch authentication.assess(challenges, carried: client.answered, isDialled: isDialled) {
    case .known(let challenges) where isDialled:
      take(challenges, &authentication, isDialled, client)
      effects = machine.challengedKnown()
    case .stale(let challenges) where isDialled:
      take(challenges, &authentication, isDialled, client)
      effects = machine.challengedStale()
    case .known, .stale, .unknown, .unanswerable: effects = machine.challengedUnanswerable()
    case .again: effects = machine.challengedAgain()
    }
    session.authentication = authentication
    guard effects.contains(.sendAgain) else { return false }
    sendAgain(client, machine, dialog: index, at: now)
    return true
  }

  /// Everything as it was, but CSeq, branch and credentials.
  private mutating func sendAgain(
    _ client: ClientTransaction, _ machine: AuthenticationMachine, dialog index: Int,
    at now: Instant
  ) {
    let session = client.session
    session.dialogs[index].localCSeq &+= 1
    var head = client.head
    head.cseq = session.dialogs[index].localCSeq
    let rest = RequestHead.rest(of: client.bytes)
    let credentials = session.authentication?.lines(
      method: client.method, cseq: head.cseq, uri: head.uri, body: RequestHead.body(of: rest),
      to: client.path.flow.remote)
    head.credentials = credentials?.lines ?? []
    let method = client.method
    let number = start(
      method, client.purpose, of: session, head: head, over: client.path, at: now
    ) { head in
      head.writer(method, capacity: client.bytes.count + 400).finish(rest: rest)
    }
    if case .offer = client.purpose {
      session.offerTransaction = number
      runOffer(session, at: now) { $0.sentAgain() }
    }
    clients[number]?.authentication = machine
    clients[number]?.answered = credentials?.answered ?? []
  }
}
