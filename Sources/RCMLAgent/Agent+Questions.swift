import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// What the host is asked, what it answers, and what counts when it does not.
extension Agent {
  // MARK: asked

  /// Credentials (spec A-1) or a contact of a redirect (U-30, Y-3) that only the host can judge.
  func ask(_ question: LineEvent.Question, of session: SessionID, at now: Instant) {
    let owner = services.calls.owner(of: .sip(session))
    guard let owner, !owner.call.isOver else { return refuse(question, of: session, at: now) }
    let id = QuestionID(services.web.makeExchange())
    let call = owner.call
    switch question {
    case .credentials(let realm, let place):
      services.questions.ask(.credentials(session), as: id, at: now)
      var leg: LegNumber?
      if case .leg(let number) = owner.party { leg = number }
      call.ask(
        id,
        .credentials(
          leg, realm: String(decoding: realm, as: UTF8.self),
          host: String(decoding: place, as: UTF8.self)))
    case .redirect(let uri):
      services.questions.ask(.redirect(session), as: id, at: now)
      let text = SipAddressParts.withoutPassword(String(decoding: uri, as: UTF8.self))
      call.ask(
        id,
        .target(
          TargetQuestion(
            dial: 0, target: 0, noun: "Contact", text: text, attributes: [],
            documentURL: call.documentURL)))
    }
  }

  /// Nobody is there to be asked.
  private func refuse(_ question: LineEvent.Question, of session: SessionID, at now: Instant) {
    switch question {
    case .credentials: services.lines.giveCredentials(session, nil, at: now)
    case .redirect: services.lines.redirect(session, isAllowed: false, at: now)
    }
  }

  // MARK: answered

  func handle(_ answer: HostAnswer, to id: QuestionID, at now: Instant) -> Outcome {
    switch answer {
    case .request(let status, let contentType, let body):
      guard services.web.isAskedOfHost(id.exchange) else { return .failure(.gone) }
      let answer = HTTPAnswer(status: status, contentType: contentType, location: "", body: body)
      services.web.answered(id.exchange, answer, at: now)
      return .success(.done)
    case .target(let decision):
      return answerTarget(id, decision, at: now)
    case .credentials(let username, let password):
      return answerCredentials(id, username, password, at: now)
    case .url(let isAllowed):
      let isAwaited = services.web.decided(id.exchange, isAllowed: isAllowed, at: now)
      return isAwaited ? .success(.done) : .failure(.gone)
    case .verb(let decision):
      return answerVerb(id, decision)
    case .speech(let contentType, let body):
      return answerSpeech(id, contentType: contentType, body: body, at: now)
    }
  }

  private func answerCredentials(
    _ id: QuestionID, _ username: Private<String>?, _ password: Private<String>, at now: Instant
  ) -> Outcome {
    guard isUsername(username) else { return .failure(.username) }
    guard case .credentials(let session)? = services.questions.subject(of: id) else {
      return .failure(.gone)
    }
    services.questions.answered(id)
    let credentials = username.map {
      Credentials(username: $0.exposed, password: password.exposed)
    }
    services.lines.giveCredentials(session, credentials, at: now)
    return .success(.done)
  }

  /// Targets before they are dialled (spec Y-1, D-22), and contacts of a redirect: it lets somebody else choose what is
  /// dialled (Y-3).
  private func answerTarget(
    _ id: QuestionID, _ decision: TargetDecision, at now: Instant
  ) -> Outcome {
    guard let subject = services.questions.subject(of: id) else { return .failure(.gone) }
    var instead: PartyText?
    if case .instead(let uri, let username, _) = decision {
      if HostPartyURI.isOne(uri) {
        guard HostPartyURI(uri) != nil, case .target = subject else {
          return .failure(.hostParty)
        }
      } else {
        switch PartyText.read(uri, from: "", settings: services.settings) {
        case .success(let party): instead = party
        case .failure(let problem): return .failure(.party(problem))
        }
      }
      guard isUsername(username) else { return .failure(.username) }
    }
    switch subject {
    case .target(let call, let dial, let target):
      services.calls[call]?.enqueue(
        .host(.decided(dial: dial, target: target, decision)))
    case .redirect(let session):
      redirect(session, decision, to: instead, at: now)
    case .credentials, .verb, .speech:
      return .failure(.gone)
    }
    services.questions.answered(id)
    return .success(.done)
  }

  private func redirect(
    _ session: SessionID, _ decision: TargetDecision, to party: PartyText?, at now: Instant
  ) {
    switch decision {
    case .asItIs: services.lines.redirect(session, isAllowed: true, at: now)
    case .instead(_, let username, let password):
      let credentials = username.map {
        Credentials(username: $0.exposed, password: password?.exposed ?? "")
      }
      let uri = party.map { Array($0.noun.requestURI.utf8) }
      services.lines.redirect(session, isAllowed: true, to: uri, with: credentials, at: now)
    case .denied:
      services.calls.owner(of: .sip(session))?.call.warn(
        .targetDenied,
        "A contact of a redirect was not dialled: the host does not allow it.")
      services.lines.redirect(session, isAllowed: false, at: now)
    }
  }

  private func answerVerb(_ id: QuestionID, _ decision: VerbDecision) -> Outcome {
    guard case .verb(let call, let number)? = services.questions.subject(of: id) else {
      return .failure(.gone)
    }
    services.questions.answered(id)
    services.calls[call]?.enqueue(.host(.decidedVerb(number, decision)))
    return .success(.done)
  }

  private func answerSpeech(
    _ id: QuestionID, contentType: String, body: [UInt8]?, at now: Instant
  ) -> Outcome {
    guard case .speech(let sound, let request)? = services.questions.subject(of: id) else {
      return .failure(.gone)
    }
    services.questions.answered(id)
    services.sounds.hostSpoke(
      body, contentType: contentType, sound, request, services, at: now)
    return .success(.done)
  }

  /// Nothing that could end the header line it is written into.
  private func isUsername(_ name: Private<String>?) -> Bool {
    name?.exposed.utf8.allSatisfy { $0 >= 32 && $0 != 127 } ?? true
  }

  // MARK: not answered in time

  func useDefault(of subject: HostQuestions.Subject, at now: Instant) {
    switch subject {
    case .credentials(let session): services.lines.giveCredentials(session, nil, at: now)
    case .target(let call, let dial, let target):
      services.calls[call]?.enqueue(.host(.decided(dial: dial, target: target, .asItIs)))
    case .verb(let call, let number):
      services.calls[call]?.enqueue(.host(.decidedVerb(number, .skip)))
    case .redirect(let session): services.lines.redirect(session, isAllowed: true, at: now)
    case .speech(let sound, let request):
      services.sounds.hostIsSilent(sound, request, services, at: now)
    }
  }
}
