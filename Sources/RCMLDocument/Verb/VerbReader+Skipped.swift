import RCMLBasics

/// What is not used, and why: no word and no element goes without a sound.
extension VerbReader {
  /// An element that is no verb here (spec G-13, D-28): told, or kept for the host to say.
  mutating func foreignVerb(_ element: Element) -> Verb? {
    let (code, text) = VerbReader.finding(ofSkipped: element)
    guard settings.askVerbs, !VerbReader.isNoun(element) else {
      warn(code, element, text)
      return nil
    }
    let place = findings.place(element.offset)
    let verb = ForeignVerb(
      name: element.name, text: element.trimmedText, attributes: VerbReader.attributes(of: element),
      finding: Finding(
        severity: .warning, code: code, line: place.line, column: place.column, text: text))
    return Verb(.foreign(verb), line: place.line, column: place.column)
  }

  private static func isNoun(_ element: Element) -> Bool {
    ["Sip", "Uri", "Number", "Client"].contains(element.name)
  }

  private static func finding(ofSkipped element: Element) -> (FindingCode, String) {
    let name = element.name.prefix(40)
    if let platform = ForeignNames.platform(ofVerb: element.name) {
      return (
        .unsupportedVerb, "<\(name)> is a verb of \(platform), not served here; it is skipped."
      )
    }
    if isNoun(element) {
      return (
        .unknownVerb,
        "<\(name)> is a noun of <Dial>; it is skipped. Write <Dial><\(name)>…</\(name)></Dial>."
      )
    }
    let hint = Spelling.nearest(element.name, in: VerbReader.names)
    return (
      .unknownVerb,
      "<\(name)> is not a verb; it is skipped." + (hint.map { " Did you mean <\($0)>?" } ?? "")
    )
  }

  /// Its own, those of the elements in it by `ELEMENT.NAME`, and their text by their name.
  private static func attributes(of element: Element) -> [OtherNoun.Attribute] {
    var all = element.attributes.map { OtherNoun.Attribute(name: $0.name, value: $0.value) }
    for child in element.children {
      for attribute in child.attributes {
        all.append(.init(name: child.name + "." + attribute.name, value: attribute.value))
      }
      if !child.trimmedText.isEmpty {
        all.append(.init(name: child.name, value: child.trimmedText))
      }
    }
    return all
  }

  /// Text where a verb takes none (spec D-31).
  mutating func tellOfIgnoredContent(_ element: Element) {
    let takesText = ["Dial", "Say", "Play", "Redirect"].contains(element.name)
    if !takesText, !element.trimmedText.isEmpty {
      findings.warn(
        .ignoredText, element.textOffset ?? element.offset,
        "Text in <\(element.name)> is ignored.")
    }
    let takesElements = ["Dial", "Say", "Gather"].contains(element.name)
    if !takesElements { tellOfChildren(element) }
  }

  /// Elements inside one that takes none (spec D-27).
  mutating func tellOfChildren(_ element: Element) {
    for child in element.children {
      warn(
        .unknownElement, child,
        "<\(child.name.prefix(40))> cannot stand inside <\(element.name)>; it is ignored.")
    }
  }

  /// In a check: markup that only a speech program with {ssml}, or the host, understands (spec V-21).
  mutating func tellOfMarkup(_ element: Element) {
    let isTaken = settings.askSpeech || settings.speechProgram.hasSuffix(Settings.markupWord)
    guard isCheck, !isTaken, let first = element.children.first else { return }
    findings.note(
      .unknownElement, first.offset,
      "<\(first.name.prefix(40))> changes nothing unless the speech provider takes SSML; its words are spoken."
    )
  }
}
