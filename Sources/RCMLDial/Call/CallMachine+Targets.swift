import RCMLBasics
import RCMLDocument

/// Targets whose turn has come: dialled at once, or when the host has said how (spec Y-1, D-22).
extension CallMachine {
  /// Of the document that runs, for showing; empty = the host gave it as text.
  package var documentURL: String { CallMachine.withoutUserInfo(script.documentURL) }

  mutating func startTarget(_ target: Int) {
    guard let running = dial, running.targets.indices.contains(target) else { return }
    switch running.targets[target] {
    case .sip(let noun):
      let isAsked = policy.asksTargets && noun.invalid == nil && !running.isHopLimit
      guard isAsked else { return startLeg(target, noun) }
      ask(target, "Sip", SipAddressParts.withoutPassword(noun.uri), [])
    case .noun(let noun):
      guard !running.isHopLimit else { return startLeg(target, CallMachine.unknown(noun)) }
      ask(target, noun.name, noun.text, noun.attributes)
    }
  }

  private mutating func ask(
    _ target: Int, _ noun: String, _ text: String, _ attributes: [OtherNoun.Attribute]
  ) {
    guard let ordinal = dial?.ordinal else { return }
    dial?.asked.append(target)
    out.append(
      .ask(
        TargetQuestion(
          dial: ordinal, target: target, noun: noun, text: text,
          // A secret is no business of whoever reads events.
          attributes: attributes.filter { $0.name != "password" },
          documentURL: documentURL)))
  }

  /// An answer that comes after the Dial, or the race, is over is too late for everybody.
  mutating func decided(_ ordinal: Int, _ target: Int, _ decision: TargetDecision) {
    guard let running = dial, running.ordinal == ordinal,
      let place = running.asked.firstIndex(of: target)
    else { return }
    dial?.asked.remove(at: place)
    switch (running.targets[target], decision) {
    case (.sip(let noun), .asItIs):
      startLeg(target, noun)
    case (.sip(let noun), .denied):
      warn(.targetDenied, "A target was not dialled: the host does not allow it (Y-1).")
      var denied = noun
      denied.invalid = .targetDenied
      startLeg(target, denied)
    case (.sip(let noun), .instead(let uri, let username, let password)):
      startLeg(target, rewritten(noun, uri, username, password))
    case (.noun(let noun), .asItIs), (.noun(let noun), .denied):
      warn(
        .unsupportedNoun, "<\(noun.name)> is not dialled: the host knows no such party (D-22).",
        line: noun.line, column: noun.column)
      startLeg(target, CallMachine.unknown(noun))
    case (.noun(let noun), .instead(let uri, let username, let password)):
      startLeg(target, resolved(noun, uri, username, password))
    }
  }

  /// The race is decided, or ringing is over: those who are still asked about are not dialled any more.
  mutating func dropQuestions(_ party: DialMachine.Effect.Party) {
    guard let asked = dial?.asked, !asked.isEmpty else { return }
    let dropped = asked.filter { target in
      switch party {
      case .all, .unanswered: true
      case .allExcept(let kept): target != kept
      case .only(let one): target == one
      }
    }
    dial?.asked.removeAll { dropped.contains($0) }
    for target in dropped {
      tellDial(.out(target))
      tellDial(.ended(target))
    }
  }

  /// D-22: a party that cannot be had is a leg that fails without sending anything, as an invalid one is (S-6).
  private static func unknown(_ noun: OtherNoun) -> SipNoun {
    var unknown = SipNoun(uri: noun.text, line: noun.line, column: noun.column)
    unknown.invalid = .unsupportedNoun
    return unknown
  }

  private func rewritten(
    _ noun: SipNoun, _ uri: String, _ username: Private<String>?, _ password: Private<String>?
  ) -> SipNoun {
    guard let place = read(uri, []) else {
      var denied = noun
      denied.invalid = .invalidTarget
      return denied
    }
    var noun = noun
    let isSamePlace = noun.host.lowercased() == place.host.lowercased() && noun.port == place.port
    noun.uri = place.uri
    noun.requestURI = place.requestURI
    (noun.isSecure, noun.user, noun.host) = (place.isSecure, place.user, place.host)
    (noun.port, noun.transport, noun.invalid) = (place.port, place.transport, place.invalid)
    noun.headers += place.headers
    noun.hostMedia = place.hostMedia
    if username != nil || !isSamePlace { (noun.username, noun.password) = (username, password) }
    return noun
  }

  /// The noun's own `url`, `statusCallback` and so on hold as they would on a `<Sip>`.
  private func resolved(
    _ noun: OtherNoun, _ uri: String, _ username: Private<String>?, _ password: Private<String>?
  ) -> SipNoun {
    guard var found = read(uri, noun.attributes) else { return CallMachine.unknown(noun) }
    (found.username, found.password) = (username, password)
    (found.line, found.column) = (noun.line, noun.column)
    return found
  }

  /// Read as a document would be: what the host may dial and what a document may dial are one thing.
  private func read(_ uri: String, _ attributes: [OtherNoun.Attribute]) -> SipNoun? {
    if let party = HostPartyURI(uri) {
      // What the noun has besides its name holds for it as for any other.
      var noun = read("sip:host.invalid", attributes)
      noun?.uri = party.uri
      noun?.requestURI = party.uri
      noun?.hostMedia = party.media
      return noun
    }
    let known = [
      "url", "method", "timeout", "statusCallback", "statusCallbackMethod", "statusCallbackEvent",
      "x-timeout",
    ]
    let own = attributes.filter { known.contains($0.name) }.map { (name: $0.name, value: $0.value) }
    let reading = reader(
      XMLText.dial(uri, sip: own), "text/xml", script.documentURL, settings)
    guard case .dial(let dial)? = reading.document?.verbs.first?.kind,
      case .sip(let noun)? = dial.targets.first
    else { return nil }
    return noun
  }
}
