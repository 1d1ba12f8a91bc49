import RCMLBasics

/// What the reader has to say, and where.
extension VerbReader {
  mutating func warn(_ code: FindingCode, _ element: Element, _ text: String) {
    findings.warn(code, element.offset, text)
  }

  mutating func tell(
    _ severity: Finding.Severity, _ code: FindingCode, _ offset: Int,
    _ text: String
  ) {
    switch severity {
    case .note: findings.note(code, offset, text)
    case .warning, .error: findings.warn(code, offset, text)
    }
  }

  /// Of an attribute's value (G-17).
  mutating func invalid(
    _ element: Element, _ name: String, _ rule: String, _ question: String = ""
  ) {
    findings.warn(
      .invalidAttribute, element.attribute(name)?.valueOffset ?? element.offset,
      "The \(name) of <\(element.name)> is not used: \(rule).\(question)")
  }

  /// One word of a list: the others are taken (S-8).
  mutating func unknownWord(
    _ word: String, of element: Element, _ name: String, _ rule: String, _ question: String
  ) {
    findings.warn(
      .invalidAttribute, element.attribute(name)?.valueOffset ?? element.offset,
      "The \(name) of <\(element.name)> names \(word.prefix(40)), which is left out: \(rule).\(question)"
    )
  }

  /// A number above its range (G-17).
  mutating func tooLarge(_ element: Element, _ name: String, taken: Int) {
    findings.warn(
      .invalidAttribute, element.attribute(name)?.valueOffset ?? element.offset,
      "The \(name) of <\(element.name)> is at most \(taken): \(taken) is taken.")
  }

  /// Of the text of a target or of its `name` (D-26).
  mutating func warnOfText(
    _ code: FindingCode, _ element: Element, _ text: String
  ) {
    findings.warn(
      code, element.textOffset ?? element.attribute("name")?.valueOffset ?? element.offset, text)
  }

  mutating func url(
    _ text: String, of element: Element, _ name: String, isSound: Bool = false
  ) -> String? {
    if let url = urls.resolve(text, isSound: isSound) {
      if Mistaken.isTemplate(text) {
        findings.warn(
          .invalidURL, element.attribute(name)?.valueOffset ?? element.textOffset ?? element.offset,
          "The \(name) of <\(element.name)> is a template nobody has filled in; it is asked as it stands."
        )
      }
      tellOfUnreadableSound(url, element, isSound: isSound)
      return url
    }
    let place = element.attribute(name)?.valueOffset ?? element.textOffset ?? element.offset
    if isCheck, urls.wantsBase(text) {
      // Whoever fetches the document knows its URL; who only looks at a file does not (G-18).
      findings.note(
        .invalidURL, place,
        "The \(name) of <\(element.name)> counts from the URL of the document, or from base_url.")
      return nil
    }
    findings.warn(
      .invalidURL, place, "The \(name) of <\(element.name)> \(urls.problem(text, isSound: isSound))"
    )
    return nil
  }

  /// V-11, in a check: what can be told by the name alone.
  private mutating func tellOfUnreadableSound(_ url: String, _ element: Element, isSound: Bool) {
    guard isCheck, isSound else { return }
    guard let ending = SoundName.unreadableEnding(of: url) else { return }
    findings.warn(
      .playFailed, element.textOffset ?? element.offset,
      "The name of this sound ends in \(ending): only WAV, AU and raw sounds are played.")
  }

  /// An attribute that does nothing without another one (a check only).
  mutating func tellOfUseless(_ element: Element, _ names: [String], without other: String) {
    guard isCheck, element.attribute(other) == nil else { return }
    for name in names {
      guard let attribute = element.attribute(name) else { continue }
      findings.warn(
        .uselessAttribute, attribute.nameOffset,
        "The \(name) of <\(element.name)> does nothing without \(other).")
    }
  }

  /// What nobody will hear or dial: the first verb behind one that never goes on.
  mutating func tellOfUnreachable(_ root: Element, _ verbs: [Verb]) {
    guard isCheck else { return }
    let known = root.children.filter { VerbReader.names.contains($0.name) }
    let verbs = verbs.filter { if case .foreign = $0.kind { false } else { true } }
    for (index, verb) in verbs.enumerated() where index + 1 < known.count {
      let (element, next) = (known[index], known[index + 1])
      let line = findings.place(element.offset).line
      switch VerbReader.ending(of: verb.kind) {
      case .goesOn: continue
      case .never:
        findings.warn(
          .unreachableVerb, next.offset,
          "<\(next.name)> is never reached: <\(element.name)> of line \(line) ends the call.")
        return
      case .endless:
        findings.warn(
          .unreachableVerb, next.offset,
          "<\(next.name)> is never reached: <\(element.name)> of line \(line) never ends.")
        return
      case .fallback(let why):
        findings.note(
          .unreachableVerb, next.offset,
          "<\(next.name)> is only reached when the \(why) of <\(element.name)> in line \(line) "
            + "cannot be fetched.")
        return
      }
    }
  }

  private enum Ending {
    case goesOn, never
    /// It goes on until somebody hangs up.
    case endless
    /// The next verb is the way out of H-31; the word names what is fetched.
    case fallback(String)
  }

  /// Gather and Record go on when nothing was keyed or said (V-12, V-15).
  private static func ending(of verb: Verb.Kind) -> Ending {
    switch verb {
    case .dial(let dial): dial.action == nil ? .goesOn : .fallback("action")
    case .redirect(let redirect): redirect.url == nil ? .goesOn : .fallback("URL")
    case .gather(let gather):
      gather.actionOnEmptyResult && gather.action != nil ? .fallback("action") : .goesOn
    case .reject, .hangup: .never
    case .say(let say): say.loop == 0 && !say.text.isEmpty ? .endless : .goesOn
    case .play(let play): play.loop == 0 && play.url != nil ? .endless : .goesOn
    case .pause, .record, .foreign: .goesOn
    }
  }
}
