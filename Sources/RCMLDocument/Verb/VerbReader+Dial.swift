import RCMLBasics

extension VerbReader {
  /// `<Dial>` (spec §2).
  mutating func dial(_ element: Element, _ attributes: Attributes) -> Dial {
    var dial = Dial()
    dial.action = attributes.url("action", &self)
    dial.method = attributes.method("method", &self)
    dial.timeout = attributes.seconds("timeout", 1...600, &self) ?? dial.timeout
    dial.timeLimit = attributes.seconds("timeLimit", 1...86_400, &self) ?? dial.timeLimit
    dial.callerID = callerID(element, attributes)
    dial.record = recording(element, attributes)
    dial.hangupOnStar = attributes.flag("hangupOnStar", &self) ?? false
    dial.answerOnBridge = attributes.flag("answerOnBridge", &self)
    dial.sequential = attributes.flag("sequential", &self) ?? false
    dial.ringTone = ringTone(element, attributes)
    dial.dialMusic = attributes.url("dialMusic", &self, isSound: true)
    dial.recordingStatusCallback = attributes.url("recordingStatusCallback", &self)
    dial.recordingStatusCallbackMethod = attributes.method("recordingStatusCallbackMethod", &self)
    let events = recordingEvents(attributes)
    if !events.isEmpty { dial.recordingStatusCallbackEvents = events }
    dial.referURL = attributes.url("referUrl", &self)
    dial.referMethod = attributes.method("referMethod", &self)
    dial.firstAnswerWins = attributes.word(
      "x-winner", ["accept", "answer"], "it is accept or answer", &self
    ).map { $0 == "answer" }
    dial.stopOn = stopCodes(element, attributes)
    dial.warning = attributes.seconds("x-warn", 1...86_400, &self)
    dial.targets = targets(of: element)
    if dial.targets.isEmpty {
      warn(
        .noTarget, element,
        "This <Dial> calls nobody: it fails at once. Put <Sip>sip:user@host</Sip> into it.")
    }
    tellOfUseless(
      element, ["recordingStatusCallbackMethod", "recordingStatusCallbackEvent"],
      without: "recordingStatusCallback")
    tellOfUseless(element, ["referMethod"], without: "referUrl")
    tellOfUseless(element, ["method"], without: "action")
    if isCheck, let warning = dial.warning, warning >= dial.timeLimit {
      invalid(element, "x-warn", "it is shorter than the timeLimit")
    }
    return dial
  }

  /// D-12, D-29.
  mutating func recordingEvents(_ attributes: Attributes) -> [String] {
    attributes.list(
      "recordingStatusCallbackEvent", ["in-progress", "completed", "absent"],
      "its words are in-progress, completed, absent", &self)
  }

  /// D-10: two letters.
  private mutating func ringTone(_ element: Element, _ attributes: Attributes) -> String? {
    guard let text = attributes.text("ringTone") else { return nil }
    // Twilio has an older tone of the United States; there is one here.
    let tone = text.lowercased() == "us-old" ? "us" : text.lowercased()
    guard tone.utf8.count == 2, tone.utf8.allSatisfy({ (97...122).contains($0) }) else {
      invalid(element, "ringTone", "it is the two letters of a country, like us")
      return nil
    }
    guard RingTone.of(tone) != nil else {
      invalid(element, "ringTone", "no tone of the country \(tone) is known")
      return nil
    }
    return tone
  }

  /// E-5: codes a leg can end with; 2xx is no refusal, 1xx no end.
  private mutating func stopCodes(_ element: Element, _ attributes: Attributes) -> [UInt16] {
    VerbReader.words(attributes.text("x-stop-on") ?? "").compactMap { word in
      if word.utf8.count == 3, let code = UInt16(word), (300...699).contains(code) { return code }
      invalid(element, "x-stop-on", "it lists SIP codes from 300 to 699, like 603")
      return nil
    }
  }

  /// U-1, U-5.
  private mutating func callerID(
    _ element: Element, _ attributes: Attributes
  ) -> CallerID {
    guard let text = attributes.text("callerId") else { return .ofCaller }
    if let callerID = CallerIDText.read(text) { return callerID }
    findings.warn(
      .invalidCallerID, element.attribute("callerId")?.valueOffset ?? element.offset,
      "The callerId is not a user name or SIP URI; the setting default_caller_id is used.")
    return CallerIDText.read(settings.defaultCallerID) ?? .anonymous
  }

  private mutating func recording(
    _ element: Element, _ attributes: Attributes
  ) -> Dial.Recording {
    guard let text = attributes.text("record") else { return .none }
    switch text.lowercased() {
    case "false": return .none
    case "true": return .fromAnswer
    default:
      if let recording = Dial.Recording(rawValue: text.lowercased()) { return recording }
      let words = VerbReader.recordings
      invalid(
        element, "record", "it is true, false or one of the record-from words",
        Spelling.question(text.lowercased(), in: words))
      return .none
    }
  }

  private static let recordings = [
    "true", "false", "do-not-record", "record-from-answer", "record-from-ringing",
    "record-from-answer-dual", "record-from-ringing-dual",
  ]

  /// D-20 … D-24.
  private mutating func targets(of element: Element) -> [Target] {
    var targets: [Target] = []
    let bare = element.trimmedText
    if element.children.isEmpty {
      guard !bare.isEmpty else { return [] }
      let isSip = bare.contains("@") || SipURIText.hasScheme(bare)
      let start = element.textOffset ?? element.offset
      let target = Element(name: isSip ? "Sip" : "Number", attributes: [], offset: start)
      Array(bare.utf8).withUnsafeBytes { target.append($0, offset: start) }
      return [noun(target)]
    }
    if !bare.isEmpty {
      findings.warn(
        .ignoredText, element.textOffset ?? element.offset,
        "Text beside the nouns of <Dial> is ignored.")
    }
    for child in element.children where child.name != "Video" {
      guard targets.count < settings.maxTargets else {
        warn(
          .tooManyTargets, child,
          "A Dial has at most \(settings.maxTargets) targets; this one and those behind it are ignored."
        )
        break
      }
      let target = noun(child)
      guard !isDuplicate(target, of: targets) else {
        warn(.duplicateTarget, child, "The same target stands there twice; it is dialled once.")
        continue
      }
      targets.append(target)
    }
    return targets
  }

  /// D-24: URI with header part, credentials and `url`.
  private func isDuplicate(_ target: Target, of others: [Target]) -> Bool {
    guard let noun = target.dialled else { return false }
    return others.contains {
      guard let other = $0.dialled else { return false }
      return noun.uri == other.uri && noun.headers == other.headers && noun.url == other.url
        && noun.digits == other.digits
        && noun.username == other.username && noun.password == other.password
    }
  }

  /// Split at commas and white space (S-8).
  static func words(_ text: String) -> [String] {
    text.split { $0 == "," || $0.isWhitespace }.map { $0.lowercased() }
  }
}
