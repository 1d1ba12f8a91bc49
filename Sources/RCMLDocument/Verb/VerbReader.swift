import RCMLBasics

/// Elements → verbs (spec §1.2, §2, §4).
struct VerbReader {
  var findings: FindingList
  /// How many octets stood before the text that was parsed.
  let shift: Int
  let settings: Settings
  let urls: URLResolver

  static let names = [
    "Dial", "Say", "Play", "Pause", "Gather", "Record", "Redirect", "Reject", "Hangup",
  ]

  /// nil = the root is neither `<Response>` nor a verb (G-12).
  mutating func verbs(of root: Element) -> [Verb]? {
    if root.name == "Response" {
      var attributes = Attributes(root)
      _ = attributes.text("version")
      attributes.warnOfUnknown(&self)
      if !root.trimmedText.isEmpty {
        warn(.ignoredText, root, "Text directly under <Response> is ignored.")
      }
      return root.children.compactMap { verb($0) }
    }
    guard VerbReader.names.contains(root.name) else { return nil }
    warn(.missingResponse, root, "<\(root.name)> is not inside <Response>; it is run all the same.")
    return verb(root).map { [$0] } ?? []
  }

  private mutating func verb(_ element: Element) -> Verb? {
    var attributes = Attributes(element)
    let kind: Verb.Kind
    switch element.name {
    case "Dial": kind = .dial(dial(element, &attributes))
    case "Say": kind = .say(say(element, &attributes))
    case "Play": kind = .play(play(element, &attributes))
    case "Pause": kind = .pause(pause(&attributes))
    case "Gather": kind = .gather(gather(element, &attributes))
    case "Record": kind = .record(record(element, &attributes))
    case "Redirect": kind = .redirect(redirect(element, &attributes))
    case "Reject": kind = .reject(reject(element, &attributes))
    case "Hangup": kind = .hangup
    default:
      let hint = Spelling.nearest(element.name, in: VerbReader.names)
      warn(
        .unknownVerb, element,
        "<\(element.name)> is not a verb; it is skipped."
          + (hint.map { " Did you mean <\($0)>?" } ?? ""))
      return nil
    }
    attributes.warnOfUnknown(&self)
    let place = findings.place(element.offset + shift)
    return Verb(kind, line: place.line, column: place.column)
  }

  private mutating func say(_ element: Element, _ attributes: inout Attributes) -> Say {
    var say = Say(text: element.trimmedText)
    say.voice = attributes.text("voice") ?? say.voice
    say.language = attributes.text("language") ?? say.language
    say.loop = attributes.number("loop", 0...1_000, &self) ?? 1
    return say
  }

  private mutating func play(_ element: Element, _ attributes: inout Attributes) -> Play {
    let text = element.trimmedText
    var play = Play(url: text.isEmpty ? nil : url(text, of: element, "text"))
    play.loop = attributes.number("loop", 0...1_000, &self) ?? 1
    play.digits = attributes.text("digits") ?? ""
    return play
  }

  private mutating func pause(_ attributes: inout Attributes) -> Pause {
    Pause(length: attributes.seconds("length", 1...86_400, &self) ?? .seconds(1))
  }

  private mutating func gather(_ element: Element, _ attributes: inout Attributes) -> Gather {
    var gather = Gather()
    gather.action = attributes.url("action", &self)
    gather.method = attributes.method("method", &self)
    gather.timeout = attributes.seconds("timeout", 1...3_600, &self) ?? gather.timeout
    gather.finishOnKey = keys(&attributes, default: gather.finishOnKey)
    gather.numDigits = attributes.number("numDigits", 1...1_000, &self)
    gather.actionOnEmptyResult = attributes.flag("actionOnEmptyResult", &self) ?? false
    for name in ["hints", "language", "partialResultCallback"] { _ = attributes.text(name) }
    if let input = attributes.text("input"), input.lowercased() != "dtmf" {
      invalid(element, "input", "nothing here recognises speech; keys are gathered")
    }
    for child in element.children {
      guard let verb = verb(child) else { continue }
      switch verb.kind {
      case .say(let say): gather.prompts.append(.say(say))
      case .play(let play): gather.prompts.append(.play(play))
      case .pause(let pause): gather.prompts.append(.pause(pause))
      case .dial, .gather, .record, .redirect, .reject, .hangup:
        warn(.unknownVerb, child, "<\(child.name)> cannot stand inside <Gather>; it is skipped.")
      }
    }
    return gather
  }

  private mutating func record(_ element: Element, _ attributes: inout Attributes) -> Record {
    var record = Record()
    record.action = attributes.url("action", &self)
    record.method = attributes.method("method", &self)
    record.timeout = attributes.seconds("timeout", 1...3_600, &self) ?? record.timeout
    record.finishOnKey = keys(&attributes, default: record.finishOnKey)
    record.maxLength = attributes.seconds("maxLength", 1...86_400, &self) ?? record.maxLength
    record.playBeep = attributes.flag("playBeep", &self) ?? true
    for name in ["transcribe", "transcribeCallback", "transcribeLanguage", "media"] {
      _ = attributes.text(name)
    }
    return record
  }

  /// V-12: present but empty = no finishing key; other characters = the default.
  private mutating func keys(_ attributes: inout Attributes, default usual: String) -> String {
    guard let raw = attributes.raw("finishOnKey") else { return usual }
    let keys = Element.trimmed(raw)
    guard keys.allSatisfy({ "0123456789*#".contains($0) }) else {
      invalid(attributes.element, "finishOnKey", "it is made of 0-9, * and #")
      return usual
    }
    return keys
  }

  private mutating func redirect(
    _ element: Element, _ attributes: inout Attributes
  ) -> Redirect {
    let text = element.trimmedText
    var redirect = Redirect(url: text.isEmpty ? nil : url(text, of: element, "text"))
    if text.isEmpty { warn(.invalidURL, element, "<Redirect> without a URL is skipped.") }
    redirect.method = attributes.method("method", &self)
    return redirect
  }

  private mutating func reject(_ element: Element, _ attributes: inout Attributes) -> Reject {
    switch attributes.text("reason") {
    case nil, "rejected"?: return Reject(isBusy: false)
    case "busy"?: return Reject(isBusy: true)
    case .some:
      invalid(element, "reason", "it is rejected or busy")
      return Reject(isBusy: false)
    }
  }

  // MARK: findings

  mutating func warn(_ code: FindingCode, _ element: Element, _ text: String) {
    findings.warn(code, element.offset + shift, text)
  }

  mutating func invalid(_ element: Element, _ name: String, _ rule: String) {
    warn(.invalidAttribute, element, "The \(name) of <\(element.name)> is not used: \(rule).")
  }

  mutating func url(_ text: String, of element: Element, _ name: String) -> String? {
    if let url = urls.resolve(text) { return url }
    warn(
      .invalidURL, element,
      "The \(name) of <\(element.name)> is no URL that can be asked; write http:, https: or host:.")
    return nil
  }
}
