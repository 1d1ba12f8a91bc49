import RCMLBasics

extension VerbReader {
  /// `<Dial>` (spec §2).
  mutating func dial(_ element: Element, _ attributes: inout Attributes) -> Dial {
    var dial = Dial()
    dial.action = attributes.url("action", &self)
    dial.method = attributes.method("method", &self)
    dial.timeout = attributes.seconds("timeout", 1...600, &self) ?? dial.timeout
    dial.timeLimit = attributes.seconds("timeLimit", 1...86_400, &self) ?? dial.timeLimit
    dial.callerID = callerID(element, &attributes)
    dial.record = recording(element, &attributes)
    dial.hangupOnStar = attributes.flag("hangupOnStar", &self) ?? false
    dial.answerOnBridge = attributes.flag("answerOnBridge", &self)
    dial.sequential = attributes.flag("sequential", &self) ?? false
    dial.ringTone = ringTone(element, &attributes)
    dial.dialMusic = attributes.url("dialMusic", &self)
    dial.recordingStatusCallback = attributes.url("recordingStatusCallback", &self)
    dial.recordingStatusCallbackMethod = attributes.method("recordingStatusCallbackMethod", &self)
    if let events = attributes.text("recordingStatusCallbackEvent") {
      let allowed = ["in-progress", "completed", "absent"]
      let said = VerbReader.words(events)
      let words = said.filter(allowed.contains)
      if words.count < said.count {
        invalid(
          element, "recordingStatusCallbackEvent", "its words are in-progress, completed, absent")
      }
      if !words.isEmpty { dial.recordingStatusCallbackEvents = words }
    }
    dial.referURL = attributes.url("referUrl", &self)
    dial.referMethod = attributes.method("referMethod", &self)
    switch attributes.text("x-winner") {
    case "accept"?: dial.firstAnswerWins = false
    case "answer"?: dial.firstAnswerWins = true
    case nil: break
    case .some: invalid(element, "x-winner", "it is accept or answer")
    }
    let stopWords = VerbReader.words(attributes.text("x-stop-on") ?? "")
    dial.stopOn = stopWords.compactMap { UInt16($0) }.filter { (300...699).contains($0) }
    if dial.stopOn.count < stopWords.count {
      invalid(element, "x-stop-on", "it lists SIP codes from 300 to 699")
    }
    dial.warning = attributes.seconds("x-warn", 1...86_400, &self)
    dial.targets = targets(of: element)
    return dial
  }

  /// D-10.
  private mutating func ringTone(
    _ element: Element, _ attributes: inout Attributes
  ) -> String? {
    guard let text = attributes.text("ringTone") else { return nil }
    guard text.utf8.count == 2, text.utf8.allSatisfy({ ($0 | 0x20) >= 97 && ($0 | 0x20) <= 122 })
    else {
      invalid(element, "ringTone", "it is a country in two letters, such as us")
      return nil
    }
    return text.lowercased()
  }

  /// U-1, U-5.
  private mutating func callerID(
    _ element: Element, _ attributes: inout Attributes
  ) -> CallerID {
    guard let text = attributes.text("callerId") else { return .ofCaller }
    if let callerID = CallerIDText.read(text) { return callerID }
    warn(
      .invalidCallerID, element,
      "The callerId is not a user name or SIP URI; the setting default_caller_id is used.")
    return CallerIDText.read(settings.defaultCallerID) ?? .anonymous
  }

  private mutating func recording(
    _ element: Element, _ attributes: inout Attributes
  ) -> Dial.Recording {
    guard let text = attributes.text("record") else { return .none }
    switch text.lowercased() {
    case "false": return .none
    case "true": return .fromAnswer
    default:
      if let recording = Dial.Recording(rawValue: text.lowercased()) { return recording }
      invalid(element, "record", "it is true, false or one of the record-from words")
      return .none
    }
  }

  /// D-20 … D-24.
  private mutating func targets(of element: Element) -> [Target] {
    var targets: [Target] = []
    let bare = element.trimmedText
    if element.children.isEmpty {
      guard !bare.isEmpty else { return [] }
      let place = findings.place(element.offset + shift)
      let lower = bare.lowercased()
      if bare.contains("@") || lower.hasPrefix("sip:") || lower.hasPrefix("sips:") {
        let sip = Element(name: "Sip", attributes: [], offset: element.offset)
        sip.text = Array(bare.utf8)
        return [.sip(sipNoun(sip))]
      }
      return [
        .noun(
          OtherNoun(
            name: "Number", text: bare, attributes: [], line: place.line, column: place.column))
      ]
    }
    if !bare.isEmpty {
      warn(.ignoredText, element, "Text beside the nouns of <Dial> is ignored.")
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

  private mutating func noun(_ element: Element) -> Target {
    let isSip = element.name == "Sip" || element.name == "Uri"
    if isSip, !element.trimmedText.lowercased().hasPrefix("tel:") {
      return .sip(sipNoun(element))
    }
    let place = findings.place(element.offset + shift)
    return .noun(
      OtherNoun(
        name: element.name, text: element.trimmedText,
        attributes: element.attributes.map { .init(name: $0.name, value: $0.value) },
        line: place.line, column: place.column))
  }

  /// D-24: URI with header part, credentials and `url`.
  private func isDuplicate(_ target: Target, of others: [Target]) -> Bool {
    guard case .sip(let noun) = target else { return false }
    return others.contains {
      guard case .sip(let other) = $0 else { return false }
      return noun.uri == other.uri && noun.headers == other.headers && noun.url == other.url
        && noun.username == other.username && noun.password == other.password
    }
  }

  /// Split at commas and white space (S-8).
  static func words(_ text: String) -> [String] {
    text.split { $0 == "," || $0.isWhitespace }.map { $0.lowercased() }
  }
}
