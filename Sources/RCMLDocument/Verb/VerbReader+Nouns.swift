import RCMLBasics

/// The nouns of a `<Dial>` besides `<Sip>` and `<Uri>` (spec D-22, D-27, D-30).
extension VerbReader {
  mutating func noun(_ element: Element) -> Target {
    let isSip = element.name == "Sip" || element.name == "Uri"
    if isSip, !NumberText.isTel(element.trimmedText) { return .sip(sipNoun(element)) }
    let place = findings.place(element.offset)
    var noun = OtherNoun(
      name: element.name, text: element.trimmedText,
      attributes: element.attributes.map { .init(name: $0.name, value: $0.value) },
      line: place.line, column: place.column)
    addChildren(of: element, to: &noun)
    if let dialled = dialled(noun, element) {
      noun.dialled = dialled
      (noun.delay, noun.digits) = (dialled.delay, dialled.digits)
      return .noun(noun)
    }
    if isCheck, noun.isNumber || noun.name == "Client" {
      // What is wrong with its attributes is wrong whoever dials it.
      var unused = SipNoun(uri: "", line: noun.line, column: noun.column)
      readAttributes(of: element, into: &unused)
    } else {
      noun.delay = Attributes(element).seconds("x-delay", 0...600, &self) ?? .zero
      noun.digits = digits(of: element)
    }
    tellOfNoun(element)
    return .noun(noun)
  }

  /// How `number_uri` or `client_uri` dials it (D-30); nil = only the host may know how.
  private mutating func dialled(_ noun: OtherNoun, _ element: Element) -> SipNoun? {
    let isClient = noun.name == "Client"
    guard isClient || noun.isNumber else { return nil }
    let template = isClient ? settings.clientURI : settings.numberURI
    guard !template.isEmpty else { return nil }
    let text = noun.text
    let address = text.prefix { $0 != "?" }
    let ownHeaders = text.dropFirst(address.count + 1)
    var filled = template
    if isClient {
      let isPrefixed = address.lowercased().hasPrefix("client:")
      let name = NumberText.escaped(Element.trimmed(String(address.dropFirst(isPrefixed ? 7 : 0))))
      filled = name.isEmpty ? "" : DialTemplate.client.filled(template, with: name)
    } else {
      filled = NumberText.user(address).map { DialTemplate.number.filled(template, with: $0) } ?? ""
    }
    guard !filled.isEmpty else { return undiallable(noun, element, isClient: isClient) }
    if !ownHeaders.isEmpty { filled += (filled.contains("?") ? "&" : "?") + ownHeaders }
    var sip = sipNoun(element, text: filled)
    if !isClient, sip.username == nil {
      (sip.username, sip.password) = (settings.numberUsername, settings.numberPassword)
    }
    tellOfNounChildren(element)
    return sip
  }

  /// D-27: `x-digits` of any noun, `sendDigits` of a number.
  mutating func digits(of element: Element) -> String {
    let isNumber = element.name == "Number" && element.attribute("x-digits") == nil
    return keySequence(isNumber ? "sendDigits" : "x-digits", of: element)
  }

  /// Keys and the pauses between them; anything else is no sequence (G-17).
  mutating func keySequence(_ name: String, of element: Element) -> String {
    guard let text = Attributes(element).text(name) else { return "" }
    let pauses = "wW".utf8
    guard text.utf8.allSatisfy({ TelephoneKey.isKey($0) || pauses.contains($0) }) else {
      invalid(element, name, "it is made of 0-9, A-D, * and #, and of w and W for pauses")
      return ""
    }
    guard text.utf8.count <= 100 else {
      invalid(element, name, "it has at most 100 characters")
      return ""
    }
    return text
  }

  /// A leg that fails without sending anything (S-6), unless the host knows better.
  private mutating func undiallable(
    _ noun: OtherNoun, _ element: Element, isClient: Bool
  ) -> SipNoun {
    var sip = SipNoun(uri: noun.text, line: noun.line, column: noun.column)
    readAttributes(of: element, into: &sip)
    sip.invalid = .invalidTarget
    let rule =
      isClient
      ? "A client has a name; this one has none."
      : Mistaken.isTemplate(noun.text)
        ? "This is a template nobody has filled in: no number can be dialled."
        : "This is no telephone number: write digits, + in front, * and #."
    warnOfText(.invalidTarget, element, rule)
    return sip
  }

  /// D-27: what stands inside a noun reaches the host with it: an `Identity` as the noun's text where it has none of its
  /// own, a `Parameter` as the attribute `Parameter.NAME`, anything else by its name.
  private func addChildren(of element: Element, to noun: inout OtherNoun) {
    for child in element.children {
      if child.name == "Parameter", let name = child.attribute("name")?.value {
        let value = child.attribute("value")?.value ?? child.trimmedText
        noun.attributes.append(.init(name: "Parameter." + name, value: value))
      } else if child.name == "Identity", noun.text.isEmpty {
        noun.text = child.trimmedText
      } else {
        noun.attributes.append(.init(name: child.name, value: child.trimmedText))
      }
    }
  }

  /// D-22, in a check: nobody knows yet whether the host dials it, but a misspelled one is not meant.
  private mutating func tellOfNoun(_ element: Element) {
    guard isCheck else { return }
    if element.name == "Sip" || element.name == "Uri" {  // of a tel: URI (S-1)
      return tellOfUnresolved("Number", at: element.textOffset ?? element.offset)
    }
    if Mistaken.isTemplate(element.trimmedText) {
      return warnOfText(
        .invalidTarget, element,
        "This is a template nobody has filled in: no target can be dialled.")
    }
    let name = element.name.prefix(40)
    if VerbReader.names.contains(element.name) {
      return warn(
        .unsupportedNoun, element, "<\(name)> is a verb; it cannot stand inside <Dial>.")
    }
    let known = [
      "Sip", "Uri", "Number", "Client", "Conference", "Queue", "Application", "WhatsApp", "Sim",
      "VirtualAgent", "User",
    ]
    if known.contains(element.name) { return tellOfUnresolved(name, at: element.offset) }
    let hint = Spelling.nearest(element.name, in: known).map { " Did you mean <\($0)>?" } ?? ""
    warn(
      .unsupportedNoun, element,
      "<\(name)> is no noun known here; unless the host resolves it, it is skipped.\(hint)")
  }

  private mutating func tellOfUnresolved(_ name: some StringProtocol, at offset: Int) {
    let setting =
      switch name {
      case "Number": "by the setting number_uri, or "
      case "Client": "by the setting client_uri, or "
      default: "only "
      }
    findings.note(
      .unsupportedNoun, offset,
      "<\(name)> is dialled \(setting)where the host resolves it; else it is skipped.")
  }

  /// D-27: what only a host that answers for the noun can use.
  private mutating func tellOfNounChildren(_ element: Element) {
    guard isCheck else { return }
    for child in element.children where child.name != "Identity" {
      findings.note(
        .unknownElement, child.offset,
        "<\(child.name.prefix(40))> reaches only a host that dials this <\(element.name)> itself.")
    }
  }
}
