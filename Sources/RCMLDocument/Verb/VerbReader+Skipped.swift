import RCMLBasics

/// What is not used, and why: no word and no element goes without a sound.
extension VerbReader {
  /// An element that is no verb here (spec G-13, D-28).
  mutating func tellOfSkipped(_ element: Element) {
    let name = element.name.prefix(40)
    if let platform = ForeignNames.platform(ofVerb: element.name) {
      return warn(
        .unsupportedVerb, element,
        "<\(name)> is a verb of \(platform), not served here; it is skipped.")
    }
    if element.name == "Sip" || element.name == "Uri" || element.name == "Number"
      || element.name == "Client"
    {
      return warn(
        .unknownVerb, element,
        "<\(name)> is a noun of <Dial>; it is skipped. Write <Dial><\(name)>…</\(name)></Dial>.")
    }
    let hint = Spelling.nearest(element.name, in: VerbReader.names)
    warn(
      .unknownVerb, element,
      "<\(name)> is not a verb; it is skipped."
        + (hint.map { " Did you mean <\($0)>?" } ?? ""))
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
    guard isCheck, let first = element.children.first else { return }
    findings.note(
      .unknownElement, first.offset,
      "<\(first.name.prefix(40))> changes nothing unless the speech provider takes SSML; its words are spoken."
    )
  }
}
