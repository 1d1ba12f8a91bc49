import RCMLBasics
import RCMLDocument
import Testing

/// Tests/Corpus/attributes.md, row by row (spec §2.1, §3.2, §4, §15).
struct RowTests {
  struct Row: CustomStringConvertible, Sendable {
    var clause, element, attribute, value, taken, finding: String
    var description: String { "\(clause) \(attribute)=\(value)" }
  }

  static func rows() -> [Row] {
    let text = (try? Corpus.octets("attributes.md")) ?? []
    return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { cell in
        String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      guard cells.count == 6, cells[0].first?.isUppercase == true, cells[0].contains("-") else {
        return nil
      }
      return Row(
        clause: cells[0], element: cells[1], attribute: cells[2], value: cells[3],
        taken: cells[4], finding: cells[5])
    }
  }

  @Test func theTableHasItsRows() {
    let clauses = Set(Self.rows().map(\.clause))
    #expect(Self.rows().count > 100)
    for number in Array(1...12) + [14, 15, 16] { #expect(clauses.contains("D-\(number)")) }
    for number in [4, 8, 9, 10, 11, 12, 13, 14] { #expect(clauses.contains("S-\(number)")) }
    for number in 1...8 { #expect(clauses.contains("V-\(number)")) }
  }

  @Test(arguments: rows())
  func anAttributeIsTakenAsTheTableSays(row: Row) {
    let written =
      switch row.value {
      case "(absent)": ""
      case "(empty)": "\(row.attribute)=\"\""
      default: "\(row.attribute)=\"\(row.value)\""
      }
    let document =
      switch row.element {
      case "Dial": "<Dial \(written)>sip:a@h</Dial>"
      case "Sip": "<Dial><Sip \(written)>sip:a@h</Sip></Dial>"
      case "Redirect", "Play": "<\(row.element) \(written)>a</\(row.element)>"
      default: "<\(row.element) \(written)/>"
      }
    let reading = Read.text("<Response>\(document)</Response>")
    let codes = reading.findings.map(\.code.rawValue)
    #expect(codes == (row.finding == "-" ? [] : [row.finding]))
    guard let verb = reading.document?.verbs.first else {
      Issue.record("no verb")
      return
    }
    #expect(Taken.text(verb.kind, row.attribute) == row.taken)
  }
}

/// What a verb has for an attribute, as the table writes it.
enum Taken {
  static func text(_ verb: Verb.Kind, _ name: String) -> String {
    let found: String? =
      switch verb {
      case .dial(let dial):
        if case .sip(let noun)? = dial.targets.first, let text = sip(noun, name, dial) {
          text
        } else {
          self.dial(dial, name)
        }
      case .say(let say):
        ["voice": say.voice, "language": say.language, "loop": "\(say.loop)"][name]
      case .play(let play): ["loop": "\(play.loop)", "digits": play.digits][name]
      case .pause(let pause): seconds(pause.length)
      case .gather(let gather): self.gather(gather, name)
      case .record(let record): self.record(record, name)
      case .redirect(let redirect): redirect.method.rawValue
      case .reject(let reject): reject.isBusy ? "busy" : "rejected"
      case .hangup, .foreign: nil
      }
    return found.flatMap { $0.isEmpty ? nil : $0 } ?? "(none)"
  }

  private static func seconds(_ interval: Interval?) -> String? {
    guard let interval else { return nil }
    return (0...86_400).first { .seconds($0) == interval }.map { "\($0)" }
  }

  private static func dial(_ dial: Dial, _ name: String) -> String? {
    switch name {
    case "action": dial.action
    case "method": dial.method.rawValue
    case "timeout": seconds(dial.timeout)
    case "timeLimit": seconds(dial.timeLimit)
    case "callerId":
      switch dial.callerID {
      case .ofCaller: nil
      case .token(let token): token
      case .uri(let uri, _): uri
      case .anonymous: "anonymous"
      }
    case "record": dial.record.rawValue
    case "hangupOnStar": "\(dial.hangupOnStar)"
    case "answerOnBridge": dial.answerOnBridge.map { "\($0)" }
    case "sequential": "\(dial.sequential)"
    case "ringTone": dial.ringTone
    case "dialMusic": dial.dialMusic
    case "recordingStatusCallback": dial.recordingStatusCallback
    case "recordingStatusCallbackMethod": dial.recordingStatusCallbackMethod.rawValue
    case "recordingStatusCallbackEvent":
      dial.recordingStatusCallbackEvents.joined(separator: " ")
    case "referUrl": dial.referURL
    case "referMethod": dial.referMethod.rawValue
    case "x-winner": dial.firstAnswerWins.map { $0 ? "answer" : "accept" }
    case "x-stop-on": dial.stopOn.map { "\($0)" }.joined(separator: " ")
    case "x-warn": seconds(dial.warning)
    default: nil
    }
  }

  /// nil where the attribute is the Dial's: the test of a Dial has bare text as its target.
  private static func sip(_ noun: SipNoun, _ name: String, _ dial: Dial) -> String? {
    switch name {
    case "url": noun.url ?? ""
    case "statusCallback": noun.statusCallback ?? ""
    case "statusCallbackMethod": noun.statusCallbackMethod.rawValue
    case "statusCallbackEvent":
      SipNoun.Event.allCases.filter(noun.statusCallbackEvents.contains).map { "\($0)" }
        .joined(separator: " ")
    case "username": noun.username?.exposed
    case "password": noun.password?.exposed
    case "x-delay": seconds(noun.delay)
    case "x-timeout": seconds(noun.ringLimit) ?? ""
    case "timeout": isOwn(noun) ? seconds(noun.timeout) : nil
    case "method": isOwn(noun) ? noun.method.rawValue : nil
    default: nil
    }
  }

  /// `<Dial ><Sip`: the noun has an element of its own.
  private static func isOwn(_ noun: SipNoun) -> Bool { noun.column == 17 }

  private static func gather(_ gather: Gather, _ name: String) -> String? {
    switch name {
    case "action": gather.action
    case "method": gather.method.rawValue
    case "timeout": seconds(gather.timeout)
    case "finishOnKey": gather.finishOnKey
    case "numDigits": gather.numDigits.map { "\($0)" }
    case "actionOnEmptyResult": "\(gather.actionOnEmptyResult)"
    default: nil
    }
  }

  private static func record(_ record: Record, _ name: String) -> String? {
    switch name {
    case "action": record.action
    case "method": record.method.rawValue
    case "timeout": seconds(record.timeout)
    case "finishOnKey": record.finishOnKey
    case "maxLength": seconds(record.maxLength)
    case "playBeep": "\(record.playBeep)"
    default: nil
    }
  }
}
