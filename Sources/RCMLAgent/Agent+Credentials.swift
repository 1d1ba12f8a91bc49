import RCMLBasics
import RCMLDial
import RCMLSIP

/// Credentials that only the host knows (spec A-1).
extension Agent {
  func wantCredentials(
    _ session: SessionID, realm: [UInt8], place: [UInt8], at now: Instant
  ) {
    guard let owner = owners[session], calls[owner.call] != nil else {
      return userAgent.giveCredentials(session, nil, at: now)
    }
    let id = QuestionID(web.makeExchange())
    questions.ask(.credentials(session), as: id, at: now)
    var leg: LegNumber?
    if case .leg(let number) = owner.party { leg = number }
    tell(
      .question(
        id, owner.call,
        .credentials(
          leg, realm: String(decoding: realm, as: UTF8.self),
          host: String(decoding: place, as: UTF8.self))))
  }

  func answerCredentials(
    _ id: QuestionID, _ username: Private<String>?, _ password: Private<String>, at now: Instant
  ) -> Outcome {
    guard isUsername(username) else { return .failure(.username) }
    guard case .credentials(let session)? = questions.subject(of: id) else {
      return .failure(.gone)
    }
    questions.answered(id)
    let credentials = username.map {
      Credentials(username: $0.exposed, password: password.exposed)
    }
    userAgent.giveCredentials(session, credentials, at: now)
    return .success(.done)
  }

  /// Nothing that could end the header line it is written into.
  func isUsername(_ name: Private<String>?) -> Bool {
    name?.exposed.utf8.allSatisfy { $0 >= 32 && $0 != 127 } ?? true
  }

  func questionsTimePassed(at now: Instant) {
    while let subject = questions.popFirst(dueAt: now) {
      switch subject {
      case .credentials(let session): userAgent.giveCredentials(session, nil, at: now)
      case .target(let call, let dial, let target):
        pending.append(.decided(dial: dial, target: target, .asItIs), for: call)
      case .redirect(let session): userAgent.redirect(session, isAllowed: true, at: now)
      case .speech(let sound, let request): speak(sound, request, at: now)
      }
      settle(at: now)
    }
  }
}
