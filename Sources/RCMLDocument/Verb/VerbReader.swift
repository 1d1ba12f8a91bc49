import RCMLBasics

/// Elements → verbs (spec §1.2, §2, §4).
struct VerbReader {
  var findings: FindingList
  let settings: Settings
  let urls: URLResolver
  /// Whether somebody looks at the document without running it (E-7): then notes and advice are told, too.
  let isCheck: Bool

  static let names = [
    "Dial", "Say", "Play", "Pause", "Gather", "Record", "Redirect", "Reject", "Hangup",
  ]

  /// nil = the root is neither `<Response>` nor a verb (G-12).
  mutating func verbs(of root: Element) -> [Verb]? {
    if root.name == "Response" {
      let attributes = Attributes(root)
      attributes.warnOfUnknown(&self)
      if !root.trimmedText.isEmpty {  // G-15
        findings.warn(
          .ignoredText, root.textOffset ?? root.offset,
          "Text directly under <Response> is ignored.")
      }
      let verbs = root.children.compactMap { verb($0) }
      tellOfUnreachable(root, verbs)
      return verbs
    }
    guard VerbReader.names.contains(root.name) else { return nil }
    warn(.missingResponse, root, "<\(root.name)> is not inside <Response>; it is run all the same.")
    return verb(root).map { [$0] } ?? []
  }

  private mutating func verb(_ element: Element) -> Verb? {
    let attributes = Attributes(element)
    let kind: Verb.Kind
    switch element.name {
    case "Dial": kind = .dial(dial(element, attributes))
    case "Say": kind = .say(say(element, attributes))
    case "Play": kind = .play(play(element, attributes))
    case "Pause": kind = .pause(pause(attributes))
    case "Gather": kind = .gather(gather(element, attributes))
    case "Record": kind = .record(record(element, attributes))
    case "Redirect": kind = .redirect(redirect(element, attributes))
    case "Reject": kind = .reject(reject(element, attributes))
    case "Hangup": kind = .hangup
    default: return foreignVerb(element)
    }
    tellOfIgnoredContent(element)
    attributes.warnOfUnknown(&self)
    let place = findings.place(element.offset)
    return Verb(kind, line: place.line, column: place.column)
  }

  private mutating func say(_ element: Element, _ attributes: Attributes) -> Say {
    var say = Say(text: SpokenText.plain(element))
    say.markup = SpokenText.markup(element)
    tellOfMarkup(element)
    if isCheck, say.text.isEmpty {
      warn(.emptyVerb, element, "<Say> has no words: it does nothing.")
    }
    say.voice = attributes.text("voice") ?? say.voice
    say.language = attributes.text("language") ?? say.language
    say.loop = attributes.number("loop", 0...1_000, &self) ?? 1
    return say
  }

  private mutating func play(_ element: Element, _ attributes: Attributes) -> Play {
    let text = element.trimmedText
    var play = Play(url: text.isEmpty ? nil : url(text, of: element, "text", isSound: true))
    play.loop = attributes.number("loop", 0...1_000, &self) ?? 1
    play.digits = keySequence("digits", of: element)
    if isCheck, text.isEmpty, play.digits.isEmpty {
      warn(.emptyVerb, element, "<Play> has no URL: it plays nothing.")
    }
    return play
  }

  private mutating func pause(_ attributes: Attributes) -> Pause {
    Pause(length: attributes.seconds("length", 1...86_400, &self) ?? .seconds(1))
  }

  private mutating func gather(_ element: Element, _ attributes: Attributes) -> Gather {
    var gather = Gather()
    gather.action = attributes.url("action", &self)
    gather.method = attributes.method("method", &self)
    gather.timeout = attributes.seconds("timeout", 1...3_600, &self) ?? gather.timeout
    gather.finishOnKey = keys(attributes, default: gather.finishOnKey)
    gather.numDigits = attributes.number("numDigits", 1...1_000, &self)
    gather.actionOnEmptyResult = attributes.flag("actionOnEmptyResult", &self) ?? false
    // V-14
    if let input = attributes.text("input"), input.lowercased() != "dtmf" {
      invalid(element, "input", "nothing here recognises speech; keys are gathered")
    }
    for child in element.children {
      guard let verb = verb(child) else { continue }
      switch verb.kind {
      case .say(let say): gather.prompts.append(.say(say))
      case .play(let play): gather.prompts.append(.play(play))
      case .pause(let pause): gather.prompts.append(.pause(pause))
      case .foreign(let verb): warn(verb.finding.code, child, verb.finding.text)
      case .dial, .gather, .record, .redirect, .reject, .hangup:
        warn(.unknownVerb, child, "<\(child.name)> cannot stand inside <Gather>; it is skipped.")
      }
    }
    return gather
  }

  private mutating func record(_ element: Element, _ attributes: Attributes) -> Record {
    var record = Record()
    record.action = attributes.url("action", &self)
    record.method = attributes.method("method", &self)
    record.timeout = attributes.seconds("timeout", 1...3_600, &self) ?? record.timeout
    record.finishOnKey = keys(attributes, default: record.finishOnKey)
    record.maxLength = attributes.seconds("maxLength", 1...86_400, &self) ?? record.maxLength
    record.playBeep = attributes.flag("playBeep", &self) ?? true
    record.recordingStatusCallback = attributes.url("recordingStatusCallback", &self)
    record.recordingStatusCallbackMethod = attributes.method("recordingStatusCallbackMethod", &self)
    let events = recordingEvents(attributes)
    if !events.isEmpty { record.recordingStatusCallbackEvents = events }
    tellOfUseless(
      element, ["recordingStatusCallbackMethod", "recordingStatusCallbackEvent"],
      without: "recordingStatusCallback")
    if isCheck, attributes.text("transcribe")?.lowercased() == "true" {
      findings.warn(
        .unsupportedAttribute, element.attribute("transcribe")?.nameOffset ?? element.offset,
        "Nothing here turns speech into text: transcribe is ignored.")
    }
    return record
  }

  /// V-12: present but empty = no finishing key; other characters = the default.
  private mutating func keys(_ attributes: Attributes, default usual: String) -> String {
    guard let raw = attributes.raw("finishOnKey") else { return usual }
    let keys = Element.trimmed(raw)
    guard keys.allSatisfy({ "0123456789*#".contains($0) }) else {
      invalid(attributes.element, "finishOnKey", "it is made of 0-9, * and #")
      return usual
    }
    return keys
  }

  private mutating func redirect(
    _ element: Element, _ attributes: Attributes
  ) -> Redirect {
    let text = element.trimmedText
    var redirect = Redirect(url: text.isEmpty ? urls.own : url(text, of: element, "text"))
    if text.isEmpty, redirect.url == nil {
      let why = "<Redirect> without a URL asks the document's own again, and this one has none"
      if isCheck {
        findings.note(.invalidURL, element.offset, why + " yet; without one it is skipped.")
      } else {
        warn(.invalidURL, element, why + ": it is skipped.")
      }
    }
    redirect.method = attributes.method("method", &self)
    return redirect
  }

  private mutating func reject(_ element: Element, _ attributes: Attributes) -> Reject {
    let reason = attributes.word(
      "reason", ["rejected", "busy"], "it is rejected or busy; rejected is taken", &self)
    return Reject(isBusy: reason == "busy")
  }
}
