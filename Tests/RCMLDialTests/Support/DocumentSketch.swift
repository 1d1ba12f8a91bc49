import RCMLBasics
import RCMLDocument

/// Reads the documents of these tests, and no others: plain elements, attributes and text. The grammar of spec G, its
/// warnings and its limits are the document room's; here only the tree matters.
enum DocumentSketch {
  struct Element {
    var name = ""
    var attributes: [String: String] = [:]
    var children: [Element] = []
    var text = ""

    func seconds(_ name: String) -> Interval? {
      attributes[name].flatMap { Int($0) }.map { .seconds($0) }
    }
    func method(_ name: String = "method") -> HTTPMethod {
      attributes[name]?.uppercased() == "GET" ? .get : .post
    }
  }

  static func read(_ bytes: [UInt8], url: String) -> Reading {
    guard let root = tree(bytes), root.name == "Response" else {
      return Reading(
        document: nil,
        error: Finding(severity: .error, code: .documentError, text: "not a document"))
    }
    let verbs = root.children.compactMap(verb).map { Verb($0, line: 1, column: 1) }
    return Reading(document: Document(verbs: verbs, url: url))
  }

  /// nil when the elements do not close.
  private static func tree(_ bytes: [UInt8]) -> Element? {
    var stack = [Element()]
    var rest = bytes[...]
    func text(_ piece: ArraySlice<UInt8>) -> String { String(decoding: piece, as: UTF8.self) }
    while let open = rest.firstIndex(of: 0x3c) {
      stack[stack.count - 1].text += text(rest[..<open])
      guard let close = rest[open...].firstIndex(of: 0x3e) else { return nil }
      var tag = rest[(open + 1)..<close]
      rest = rest[(close + 1)...]
      let isEnd = tag.first == 0x2f
      let isEmpty = tag.last == 0x2f
      if isEmpty { tag = tag.dropLast() }
      if !isEnd { stack.append(element(text(tag))) }
      guard isEnd || isEmpty else { continue }
      guard stack.count > 1, let done = stack.popLast() else { return nil }
      stack[stack.count - 1].children.append(done)
    }
    return stack.count == 1 ? stack[0].children.first : nil
  }

  private static func element(_ tag: String) -> Element {
    var element = Element()
    let name = tag.prefix { $0 != " " }
    element.name = String(name)
    let pieces = tag.dropFirst(name.count).split(
      separator: "\"", omittingEmptySubsequences: false)
    for index in stride(from: 0, to: pieces.count - 1, by: 2) {
      let key = pieces[index].drop { $0 == " " }.dropLast()
      element.attributes[String(key)] = String(pieces[index + 1])
    }
    return element
  }

  private static func verb(_ element: Element) -> Verb.Kind? {
    let text = element.text.isEmpty ? nil : element.text
    switch element.name {
    case "Dial": return .dial(dial(element))
    case "Say": return .say(Say(text: element.text))
    case "Play": return .play(Play(url: text))
    case "Pause": return .pause(Pause(length: element.seconds("length") ?? .seconds(1)))
    case "Gather":
      var gather = Gather()
      gather.action = element.attributes["action"]
      gather.method = element.method()
      return .gather(gather)
    case "Record":
      var record = Record()
      record.action = element.attributes["action"]
      return .record(record)
    case "Redirect":
      return .redirect(Redirect(url: text))
    case "Reject": return .reject(Reject(isBusy: element.attributes["reason"] == "busy"))
    case "Hangup": return .hangup
    default: return nil
    }
  }

  private static func dial(_ element: Element) -> Dial {
    var dial = Dial()
    dial.action = element.attributes["action"]
    dial.timeout = element.seconds("timeout") ?? dial.timeout
    dial.timeLimit = element.seconds("timeLimit") ?? dial.timeLimit
    dial.hangupOnStar = element.attributes["hangupOnStar"] == "true"
    dial.sequential = element.attributes["sequential"] == "true"
    dial.answerOnBridge = element.attributes["answerOnBridge"].map { $0 == "true" }
    dial.firstAnswerWins = element.attributes["x-winner"].map { $0 == "answer" }
    dial.stopOn = element.attributes["x-stop-on"].flatMap { UInt16($0) }.map { [$0] } ?? []
    dial.dialMusic = element.attributes["dialMusic"]
    dial.record =
      element.attributes["record"].flatMap { Dial.Recording(rawValue: $0) } ?? .none
    dial.recordingStatusCallback = element.attributes["recordingStatusCallback"]
    dial.recordingStatusCallbackEvents = ["in-progress", "completed", "absent"]
    dial.warning = element.seconds("x-warn")
    dial.targets = element.children.map(target)
    return dial
  }

  private static func target(_ element: Element) -> Target {
    guard element.name == "Sip" else {
      return .noun(
        OtherNoun(name: element.name, text: element.text, attributes: [], line: 1, column: 1))
    }
    var noun = SipNoun(uri: element.text, line: 1, column: 1)
    let parts = element.text.dropFirst(4).split(separator: "@")
    if parts.count == 2 {
      noun.user = String(parts[0])
      noun.host = String(parts[1])
      noun.requestURI = element.text
    } else {
      noun.invalid = .invalidURL
    }
    noun.url = element.attributes["url"]
    noun.timeout = element.seconds("timeout") ?? noun.timeout
    noun.statusCallback = element.attributes["statusCallback"]
    noun.delay = element.seconds("x-delay") ?? .zero
    noun.digits = element.attributes["x-digits"] ?? ""
    noun.ringLimit = element.seconds("x-timeout")
    if let events = element.attributes["statusCallbackEvent"] {
      let names = events.split { $0 == "," || $0 == " " }
      noun.statusCallbackEvents = Set(
        SipNoun.Event.allCases.filter { names.contains(Substring("\($0)")) })
    }
    return .sip(noun)
  }
}
