import RCMLBasics

/// 3xx to an INVITE of ours, followed as far as the setting `follow_redirects` allows (RFC 3261 §8.1.3.4, spec U-30,
/// Y-3): the same session, Call-ID, From and To, with the next CSeq.
extension UserAgent {
  /// True: the INVITE goes to a contact, or the host is asked about one; this was not the leg's final response.
  mutating func takesRedirect(
    _ client: ClientTransaction, _ message: Message, at now: Instant
  ) -> Bool {
    let session = client.session
    guard (300..<400).contains(message.statusCode), settings.followRedirects > 0 else {
      // Somebody who was pointed to does not want the call, or nobody is to ask further (6xx).
      return message.statusCode < 600 && triesNextContact(session, at: now)
    }
    guard isWanted(session), let invite = session.invite else { return false }
    var redirection =
      session.redirection
      ?? Redirection(from: invite.target, refusal: message, limit: settings.followRedirects)
    redirection.add(message.values(of: .contact).compactMap { NameAddress.read($0) })
    session.redirection = redirection
    return triesNextContact(session, at: now)
  }

  /// The INVITE to the next contact, if there is one and somebody still wants it.
  mutating func triesNextContact(_ session: Session, at now: Instant) -> Bool {
    guard isWanted(session), session.invite != nil, let uri = session.redirection?.next() else {
      return false
    }
    pause(session, at: now)
    guard settings.asksTargets else {
      inviteContact(session, uri, at: now)
      return true
    }
    session.redirection?.asked = uri
    tell(session, .redirectWanted(uri: uri))
    return true
  }

  /// What the host says about the contact of `redirectWanted`. `uri`: this, and not the contact; `isAllowed` false:
  /// the next contact, or else the 3xx is the final response (Y-3).
  package mutating func redirect(
    _ id: SessionID, isAllowed: Bool, to uri: [UInt8]? = nil, with credentials: Credentials? = nil,
    at now: Instant
  ) {
    guard let session = sessions[id.number], let asked = session.redirection?.asked,
      !session.isEnded
    else { return }
    session.redirection?.asked = nil
    if isAllowed {
      if uri != nil, let credentials {
        // The host's own word: these are for the place it names.
        session.dialled = uri ?? asked
        session.credentials = credentials
        session.invite?.credentials = credentials
        session.authentication = nil
      }
      inviteContact(session, uri ?? asked, at: now)
    } else if !triesNextContact(session, at: now), let refusal = session.redirection?.refusal {
      run(session, refusal, at: now) { $0.rejectionArrived() }
    }
    dropStaleDeadlines()
  }

  private mutating func inviteContact(_ session: Session, _ uri: [UInt8], at now: Instant) {
    session.invite?.target = uri
    session.inviteCSeq &+= 1
    let proxy = settings.outboundProxy
    dispatch(.invite, of: session, toward: proxy.isEmpty ? uri : proxy, at: now)
  }

  private func isWanted(_ session: Session) -> Bool {
    guard case .outgoing(let machine) = session.machine else { return false }
    return machine.isCalling || machine.isLocating
  }
}
