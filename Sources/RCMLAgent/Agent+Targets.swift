import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// Targets that the host is asked about before they are dialled (spec Y-1, D-22).
extension Agent {
  func ask(_ question: TargetQuestion, of call: CallNumber, at now: Instant) {
    let id = QuestionID(web.makeExchange())
    questions.ask(.target(call, dial: question.dial, target: question.target), as: id, at: now)
    tell(.question(id, call, .target(question)))
  }

  /// Y-3: a redirect lets somebody else choose what is dialled.
  func askAboutRedirect(_ session: SessionID, _ uri: [UInt8], at now: Instant) {
    guard let owner = owners[session], let call = calls[owner.call] else {
      return userAgent.redirect(session, isAllowed: false, at: now)
    }
    let id = QuestionID(web.makeExchange())
    questions.ask(.redirect(session), as: id, at: now)
    var document = ""
    if case .running(let machine) = call.phase { document = machine.documentURL }
    let text = SipAddressParts.withoutPassword(String(decoding: uri, as: UTF8.self))
    let question = TargetQuestion(
      dial: 0, target: 0, noun: "Contact", text: text, attributes: [], documentURL: document)
    tell(.question(id, owner.call, .target(question)))
  }

  func answerTarget(_ id: QuestionID, _ decision: TargetDecision, at now: Instant) -> Outcome {
    guard let subject = questions.subject(of: id) else { return .failure(.gone) }
    var instead: PartyText?
    if case .instead(let uri, let username, _) = decision {
      if HostPartyURI.isOne(uri) {
        guard HostPartyURI(uri) != nil, case .target = subject else {
          return .failure(.hostParty)
        }
      } else {
        switch PartyText.read(uri, from: "", settings: settings) {
        case .success(let party): instead = party
        case .failure(let problem): return .failure(.party(problem))
        }
      }
      guard isUsername(username) else { return .failure(.username) }
    }
    switch subject {
    case .target(let call, let dial, let target):
      pending.append(.decided(dial: dial, target: target, decision), for: call)
    case .redirect(let session):
      redirect(session, decision, to: instead, at: now)
    case .credentials, .speech:
      return .failure(.gone)
    }
    questions.answered(id)
    return .success(.done)
  }

  private func redirect(
    _ session: SessionID, _ decision: TargetDecision, to party: PartyText?, at now: Instant
  ) {
    switch decision {
    case .asItIs: userAgent.redirect(session, isAllowed: true, at: now)
    case .instead(_, let username, let password):
      let credentials = username.map {
        Credentials(username: $0.exposed, password: password?.exposed ?? "")
      }
      let uri = party.map { Array($0.noun.requestURI.utf8) }
      userAgent.redirect(session, isAllowed: true, to: uri, with: credentials, at: now)
    case .denied:
      if let call = owners[session]?.call {
        let text = "A contact of a redirect was not dialled: the host does not allow it (Y-3)."
        tell(.finding(call, Finding(severity: .warning, code: .targetDenied, text: text)))
      }
      userAgent.redirect(session, isAllowed: false, at: now)
    }
  }
}
