import RCMLBasics
import RCMLDocument

/// Targets whose turn has come: dialled at once, or when the host has said how (spec Y-1, D-22).
extension CallMachine {
  func startTarget(_ target: Int) {
    guard let dial, dial.targets.indices.contains(target) else { return }
    switch dial.targets[target] {
    case .sip(let noun):
      let isAsked = policy.asksTargets && noun.invalid == nil && !dial.isHopLimit
      guard isAsked else { return startLeg(target, noun) }
      askHost(about: target, "Sip", SipAddressParts.withoutPassword(noun.uri), [])
    case .noun(let noun):
      guard !dial.isHopLimit else { return startLeg(target, CallMachine.unknown(noun)) }
      askHost(about: target, noun.name, noun.text, noun.attributes)
    }
  }

  private func askHost(
    about target: Int, _ noun: String, _ text: String, _ attributes: [OtherNoun.Attribute]
  ) {
    guard let dial else { return }
    dial.ask(about: target)
    outbox.append(
      .ask(
        TargetQuestion(
          dial: dial.ordinal, target: target, noun: noun, text: text,
          // A secret is no business of whoever reads events.
          attributes: attributes.filter { $0.name != "password" },
          documentURL: documentURL)))
  }

  /// An answer that comes after the Dial, or the race, is over is too late for everybody.
  func startTarget(_ target: Int, of ordinal: Int, as decision: TargetDecision) {
    guard let dial, dial.ordinal == ordinal, dial.finishQuestion(about: target),
      dial.targets.indices.contains(target)
    else { return }
    switch (dial.targets[target], decision) {
    case (.sip(let noun), .asItIs):
      startLeg(target, noun)
    case (.sip(let noun), .denied):
      outbox.warn(.targetDenied, "A target was not dialled: the host does not allow it.")
      var denied = noun
      denied.invalid = .targetDenied
      startLeg(target, denied)
    case (.sip(let noun), .instead(let uri, let username, let password)):
      startLeg(target, rewritten(noun, uri, username, password))
    case (.noun(let noun), .asItIs):
      if let dialled = noun.dialled { return startLeg(target, dialled) }  // D-30
      outbox.warn(
        .unsupportedNoun, "<\(noun.name)> is not dialled: the host knows no such party.",
        line: noun.line, column: noun.column)
      startLeg(target, CallMachine.unknown(noun))
    case (.noun(let noun), .denied):
      outbox.warn(
        noun.dialled == nil ? .unsupportedNoun : .targetDenied,
        "<\(noun.name)> is not dialled: the host does not allow it.",
        line: noun.line, column: noun.column)
      startLeg(target, CallMachine.unknown(noun))
    case (.noun(let noun), .instead(let uri, let username, let password)):
      startLeg(target, resolved(noun, uri, username, password))
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
    let written = policy.addressFormat.shown(noun)
    var noun = noun
    guard let place = read(uri, []) else {
      noun.invalid = .invalidTarget
      return noun
    }
    noun.written = written
    // where its INVITE goes, which `maddr` decides before the host.
    let isSamePlace =
      noun.host.lowercased() == place.host.lowercased() && noun.port == place.port
      && CallMachine.server(of: noun) == CallMachine.server(of: place)
    noun.uri = place.uri
    noun.requestURI = place.requestURI
    (noun.isSecure, noun.user, noun.host) = (place.isSecure, place.user, place.host)
    (noun.port, noun.transport, noun.invalid) = (place.port, place.transport, place.invalid)
    noun.headers += place.headers
    noun.wantsSecretSound = noun.wantsSecretSound || place.wantsSecretSound
    noun.hostMedia = place.hostMedia
    if username != nil {
      (noun.username, noun.password) = (username, password)
    } else if !isSamePlace {
      (noun.username, noun.password) = (place.username, place.password)
    }
    return noun
  }

  /// The value of the URI parameter `maddr`; empty = none.
  private static func server(of noun: SipNoun) -> Substring {
    let parameters = noun.requestURI.lowercased().split(separator: ";").dropFirst()
    return parameters.last { $0.hasPrefix("maddr=") }?.dropFirst(6) ?? ""
  }

  /// The noun's own `url`, `statusCallback` and so on hold as they would on a `<Sip>`.
  private func resolved(
    _ noun: OtherNoun, _ uri: String, _ username: Private<String>?, _ password: Private<String>?
  ) -> SipNoun {
    guard var found = read(uri, noun.attributes) else { return CallMachine.unknown(noun) }
    if username != nil { (found.username, found.password) = (username, password) }
    found.digits = noun.digits
    found.written = SipAddressParts.shownAsWritten(noun.text)
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
    let reading = facts.read(
      XMLText.dial(uri, noun: own), "text/xml", script.documentURL, facts.settings)
    guard case .dial(let dial)? = reading.document?.verbs.first?.kind,
      let noun = dial.targets.first?.dialled
    else { return nil }
    return noun
  }
}
