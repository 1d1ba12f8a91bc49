import RCMLBasics

/// 3xx to an INVITE of ours, followed as far as the setting `follow_redirects` allows (RFC 3261 §8.1.3.4, spec U-30,
/// Y-3): the same session, Call-ID, From and To, with the next CSeq.
extension SessionLayer {
  /// True: the INVITE goes to a contact, or the host is asked about one; this was not the leg's final response.
  func handleRedirect(_ session: Session, _ message: Message, at now: Instant) -> Bool {
    guard (300..<400).contains(message.statusCode), settings.redirects.followed > 0 else {
      // Somebody who was pointed to does not want the call, or nobody is to ask further (6xx).
      return message.statusCode < 600 && tryNextContact(session, at: now)
    }
    guard session.isWanted, let attempt = session.attempt, let invite = attempt.invite else {
      return false
    }
    var redirection =
      attempt.redirection
      ?? Redirection(from: invite.target, refusal: message, limit: settings.redirects.followed)
    redirection.add(message.values(of: .contact).compactMap { NameAddress.read($0) })
    attempt.redirection = redirection
    return tryNextContact(session, at: now)
  }

  /// The INVITE to the next contact. False: there is none, or nobody wants it any more.
  func tryNextContact(_ session: Session, at now: Instant) -> Bool {
    guard session.isWanted, let attempt = session.attempt, attempt.invite != nil,
      let uri = attempt.redirection?.next()
    else { return false }
    pause(session, at: now)
    guard settings.redirects.areAsked else {
      inviteContact(session, uri, at: now)
      return true
    }
    attempt.redirection?.asked = uri
    tell(session, .redirectWanted(uri: uri))
    return true
  }

  /// What the host says about the contact of `redirectWanted`.
  func redirect(
    _ session: Session, isAllowed: Bool, to uri: [UInt8]?, with credentials: Credentials?,
    at now: Instant
  ) {
    guard !session.life.isEnded, let attempt = session.attempt,
      let asked = attempt.redirection?.asked
    else { return }
    attempt.redirection?.asked = nil
    if isAllowed {
      if let uri, let credentials { attempt.redial(uri, credentials) }
      inviteContact(session, uri ?? asked, at: now)
    } else if !tryNextContact(session, at: now), let refused = attempt.redirection?.refusal {
      let reason = refusal(refused, by: attempt.dialled, as: .targetDenied)
      run(session, refused, failure: reason, at: now) { $0.rejectionArrived() }
    }
  }

  private func inviteContact(_ session: Session, _ uri: [UInt8], at now: Instant) {
    session.attempt?.again(to: uri)
    dispatchInvite(session, toward: uri, at: now)
  }
}
