import RCMLBasics

extension VerbReader {
  /// `<Sip>` and `<Uri>` (spec §3). An invalid one stays in the tree: it becomes a leg that fails (S-6).
  mutating func sipNoun(_ element: Element) -> SipNoun {
    var text = element.trimmedText
    if text.isEmpty, let name = Attributes(element).text("name") { text = name }  // D-26
    let noun = sipNoun(element, text: text)
    tellOfChildren(element)
    return noun
  }

  /// With another text than its own (D-30).
  mutating func sipNoun(_ element: Element, text: String) -> SipNoun {
    let place = findings.place(element.offset)
    let address = String(text.prefix { $0 != "?" })
    let headerPart =
      text.utf8.count > address.utf8.count ? String(text.dropFirst(address.count + 1)) : ""
    var noun = SipNoun(uri: address, line: place.line, column: place.column)
    read(address, headerPart, element, &noun)
    readAttributes(of: element, into: &noun)
    return noun
  }

  /// Those of a `<Sip>`, which `<Number>` and `<Client>` have but for the credentials.
  mutating func readAttributes(of element: Element, into noun: inout SipNoun) {
    let attributes = Attributes(element)
    noun.url = attributes.url("url", &self)  // S-10
    noun.method = attributes.method("method", &self)
    noun.timeout = attributes.seconds("timeout", 1...600, &self) ?? noun.timeout
    noun.statusCallback = attributes.url("statusCallback", &self)
    noun.statusCallbackMethod = attributes.method("statusCallbackMethod", &self)
    noun.statusCallbackEvents = events(element, attributes)
    if AttributeNames.of(element.name).contains("username") {
      readCredentials(of: element, attributes, into: &noun)
    }
    noun.delay = attributes.seconds("x-delay", 0...600, &self) ?? .zero
    noun.digits = digits(of: element)
    noun.ringLimit = attributes.seconds("x-timeout", 1...600, &self)
    attributes.warnOfUnknown(&self)
    tellOfUseless(element, ["method", "timeout"], without: "url")
    tellOfUseless(
      element, ["statusCallbackMethod", "statusCallbackEvent"], without: "statusCallback")
  }

  private mutating func readCredentials(
    of element: Element, _ attributes: Attributes, into noun: inout SipNoun
  ) {
    noun.username = attributes.text("username").map { Private($0) }
    noun.password = attributes.raw("password").map { Private($0) }
    if noun.username != nil, noun.password == nil {
      findings.warn(
        .missingPassword, element.attribute("username")?.nameOffset ?? element.offset,
        "username without password: an empty password is used.")
    }
    // Templates that write both without a value mean neither.
    if noun.username == nil, let password = noun.password, !password.exposed.isEmpty {
      findings.warn(
        .missingPassword, element.attribute("password")?.nameOffset ?? element.offset,
        "password without username: it is not used.")
    }
  }

  private mutating func read(
    _ address: String, _ headerPart: String, _ element: Element, _ noun: inout SipNoun
  ) {
    // S-5
    guard address.utf8.count <= 254, headerPart.utf8.count <= 1_023 else {
      noun.invalid = .invalidTarget
      return warnOfText(
        .invalidTarget, element, "The address, or its headers, are too long (254, 1 023).")
    }
    guard let uri = SipURIText.read(address), !uri.host.isEmpty else {
      noun.invalid = .invalidTarget
      return warnOfText(.invalidTarget, element, invalidTargetText(address))
    }
    noun.isSecure = uri.isSecure
    noun.user = uri.user
    noun.host = uri.host
    noun.port = uri.port
    let scheme = uri.isSecure ? "sips:" : "sip:"
    let user = uri.user.isEmpty ? "" : uri.user + "@"
    let port = uri.port == 0 ? "" : ":\(uri.port)"
    noun.requestURI = scheme + user + uri.host + port
    for parameter in uri.parameters {
      let name = parameter.name.lowercased()
      if name == "transport" { noun.transport = transport(parameter.value ?? "") }
      if name == "method" { continue }  // S-7
      if name == "secure" {
        noun.wantsSecretSound = parameter.value?.lowercased() != "false"
        continue
      }
      noun.requestURI += ";" + parameter.name + (parameter.value.map { "=" + $0 } ?? "")
    }
    noun.uri = noun.requestURI
    tellOfSecretSound(noun, element)
    if !uri.canBeSent {
      noun.invalid = .unsupportedTransport
      warnOfText(
        .unsupportedTransport, element,
        uri.isSecure
          ? "sips: is dialled over TLS: leave transport out, or write transport=tcp."
          : "Only transport=udp, transport=tcp and transport=tls can be dialled.")
    }
    noun.headers = headers(headerPart, element)
  }

  /// Why a target is no SIP URI, where it shows.
  private func invalidTargetText(_ address: String) -> String {
    if Mistaken.isTemplate(address) {
      return "This is a template nobody has filled in: no target can be dialled."
    }
    if SipURIText.hasInvisible(address) {
      return "A character that nobody sees stands in this URI; remove it."
    }
    return "This is no SIP URI that can be dialled; write sip:user@host."
  }

  /// S-16: Twilio's word for encrypted media, which is ours as well (T-15). It never goes out.
  private mutating func tellOfSecretSound(_ noun: SipNoun, _ element: Element) {
    guard noun.wantsSecretSound, !settings.srtpWithoutTLS, !noun.isSecure, noun.transport != .tls
    else { return }
    warnOfText(
      .unsupportedTransport, element,
      "secure=true demands secret sound, and its keys would travel where anybody can read them: this target is not "
        + "called; write transport=tls, or say by srtp_without_tls=true that it does not matter.")
  }

  /// T-1.
  private func transport(_ value: String) -> SipNoun.RequestedTransport {
    switch value.lowercased() {
    case "udp": .udp
    case "tcp": .tcp
    case "tls": .tls
    default: .unsupported
    }
  }

  /// S-8, S-9.
  private mutating func events(
    _ element: Element, _ attributes: Attributes
  ) -> Set<SipNoun.Event> {
    let usual = Set(settings.callbackDefaultEvents.compactMap(VerbReader.event))
    guard attributes.text("statusCallbackEvent") != nil else { return usual }
    let words = attributes.list(
      "statusCallbackEvent", SipNoun.Event.allCases.map { "\($0)" },
      "its words are initiated, ringing, answered, completed", &self)
    let events = Set(words.compactMap(VerbReader.event))
    return events.isEmpty ? usual : events
  }

  private static func event(_ word: String) -> SipNoun.Event? {
    switch word {
    case "initiated": .initiated
    case "ringing": .ringing
    case "answered": .answered
    case "completed": .completed
    default: nil
    }
  }
}
