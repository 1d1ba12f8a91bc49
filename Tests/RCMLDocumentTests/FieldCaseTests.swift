import Foundation
import RCMLBasics
import Testing

@testable import RCMLDocument

/// Tests/Corpus/documents/cases.tsv: documents as people write them, and what a check says of them.
struct FieldCaseTests {
  struct Case: CustomStringConvertible, Sendable {
    var name, clause, document, findings: String
    /// What the texts of a check must hold, or must not.
    var probes: [(text: String, isWanted: Bool)]
    var description: String { "\(name) (\(clause))" }
  }

  static func cases() -> [Case] {
    let text = (try? Corpus.octets("documents/cases.tsv")) ?? []
    return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 8, !line.hasPrefix("#") else { return nil }
      let probes = cells[7].components(separatedBy: " ;; ").compactMap { probe in
        let isWanted = !probe.hasPrefix("!")
        let rest = isWanted ? probe : String(probe.dropFirst())
        return rest.hasPrefix("check:") ? (String(rest.dropFirst(6)), isWanted) : nil
      }
      return Case(
        name: cells[0], clause: cells[1],
        document: cells[2].replacingOccurrences(of: "\\n", with: "\n"), findings: cells[3],
        probes: probes)
    }
  }

  @Test func theTableHasItsCases() { #expect(Self.cases().count == 27) }

  @Test(arguments: cases())
  func aCheckSaysOfADocumentWhatTheTableSays(one: Case) {
    let reading = Corpus.check(Array(one.document.utf8))
    let all = reading.findings + (reading.error.map { [$0] } ?? [])
    let serious = Set(all.filter { $0.severity != .note }.map(\.code.rawValue))
    let named = Set(all.map(\.code.rawValue))
    switch one.findings {
    case "none": #expect(serious.isEmpty)
    case "*": #expect(!serious.isEmpty)
    case "any:*": #expect(!named.isEmpty)
    case "any:-": break
    case let text where text.hasPrefix("any:"): #expect(named.contains(String(text.dropFirst(4))))
    default: #expect(serious == [one.findings])
    }
    let texts = all.map(\.text).joined(separator: "\n")
    for probe in one.probes { #expect(texts.contains(probe.text) == probe.isWanted) }
  }

  // V-21
  @Test(arguments: [
    ("Hi <emphasis>there</emphasis> you", "Hi there you"),
    ("<speak>Hi</speak>", "Hi"), ("One<break time=\"1s\"/>two", "One two"),
    ("<sub alias=\"World Wide Web\">WWW</sub> rules", "World Wide Web rules"),
    ("a <b>c <i>d</i></b> e", "a c d e"),
  ])
  func noWordInsideMarkupIsLost(text: String, spoken: String) {
    #expect(say(text)?.text == spoken)
  }

  // V-21
  @Test func markupReachesAProviderThatTakesIt() {
    #expect(say("plain")?.markup == "")
    #expect(
      say("A &amp; <emphasis level=\"x\">b</emphasis>")?.markup
        == "<speak>A &amp; <emphasis level=\"x\">b</emphasis></speak>")
    #expect(
      say("<speak xml:lang=\"de\"><lang xml:lang=\"en\">x</lang></speak>")?.markup
        == "<speak xml:lang=\"de\"><lang xml:lang=\"en\">x</lang></speak>")
    #expect(say("<speak>Hi <break/></speak>")?.markup == "<speak>Hi <break/></speak>")
  }

  private func say(_ text: String) -> Say? {
    guard
      case .say(let say) = Read.text("<Response><Say>\(text)</Say></Response>").document?.verbs
        .first?.kind
    else { return nil }
    return say
  }

  // V-23
  @Test func aRedirectWithoutTextAsksTheDocumentAgain() {
    guard
      case .redirect(let redirect) = Read.text("<Response><Redirect method=\"GET\"/></Response>")
        .document?.verbs.first?.kind
    else {
      Issue.record("no Redirect")
      return
    }
    #expect(redirect.url == "http://web/doc/voice" && redirect.method == .get)
  }

  // D-27
  @Test func whatStandsInsideANounReachesTheHost() {
    let text =
      "<Response><Dial><Client x-delay=\"5\"><Identity>ann</Identity><Parameter name=\"a\" value=\"b\"/></Client></Dial></Response>"
    guard case .dial(let dial) = Read.text(text).document?.verbs.first?.kind,
      case .noun(let noun)? = dial.targets.first
    else {
      Issue.record("no noun")
      return
    }
    #expect(noun.text == "ann" && noun.delay == .seconds(5))
    #expect(noun.attributes.contains(.init(name: "Parameter.a", value: "b")))
  }

  // D-31
  @Test(arguments: [
    ("<Dial machineDetection=\"Enable\"><Sip>sip:a@h</Sip></Dial>", "unsupported-attribute"),
    ("<Dial><Sip codecs=\"opus\">sip:a@h</Sip></Dial>", "unsupported-attribute"),
    ("<Gather speechTimeout=\"auto\"/>", "unsupported-attribute"),
    ("<Hangup>now</Hangup>", "ignored-text"),
  ])
  func whatIsLegalElsewhereIsNotTakenForAMistake(verb: String, finding: String) {
    let findings = Read.text("<Response>\(verb)</Response>").findings
    #expect(findings.map(\.code.rawValue) == [finding])
  }

  // H-32
  @Test func aHostBeyondASCIIIsRefused() {
    let resolver = URLResolver(base: "http://web/doc")
    #expect(resolver.resolve("http://b\u{fc}cher.example/x") == nil)
    #expect(resolver.problem("http://b\u{fc}cher.example/x", isSound: false).contains("xn--"))
    #expect(resolver.resolve("http://web/b\u{fc}cher") != nil)
  }

  // H-34
  @Test(arguments: [
    ("{\"a\":1}", "JSON"), ("<!DOCTYPE html>\n<html></html>", "web page"), (" \n ", "empty"),
    ("Notice: undefined x in y.php\n<?xml version=\"1.0\"?><Response/>", "Notice"),
    ("<html><body>Oops</body></html>", "web page"),
  ])
  func whatIsNoDocumentIsToldForWhatItIs(text: String, word: String) {
    #expect(Corpus.check(Array(text.utf8)).error?.text.contains(word) == true)
  }

  // D-28: kept for the host, with what is told when it leaves it; a check tells at once.
  @Test func aVerbOfAnotherPlatformIsKeptWhereTheHostIsAsked() {
    var settings = Settings()
    settings.askVerbs = true
    let text =
      "<Response>\n <Connect action=\"/a\"><Stream url=\"wss://h\"/></Connect><Sip>sip:a@h</Sip></Response>"
    let reading = Read.text(text, settings: settings)
    guard case .foreign(let verb)? = reading.document?.verbs.first?.kind else {
      Issue.record("no verb")
      return
    }
    #expect(
      verb.name == "Connect"
        && verb.attributes == [
          .init(name: "action", value: "/a"), .init(name: "Stream.url", value: "wss://h"),
        ])
    #expect(verb.finding.code == .unsupportedVerb && verb.finding.line == 2)
    #expect(reading.findings.map(\.code) == [.unknownVerb], "a noun is none")
    #expect(Read.text(text).document?.verbs.isEmpty == true)
  }

  // D-10: a country whose tone nobody here knows.
  @Test(arguments: [("us", true), ("us-old", true), ("DE", true), ("xx", false), ("usa", false)])
  func aRingToneIsThatOfACountryThatIsKnown(tone: String, isKnown: Bool) {
    let reading = Read.text(
      "<Response><Dial ringTone=\"\(tone)\"><Sip>sip:a@h</Sip></Dial></Response>")
    #expect(reading.findings.map(\.code) == (isKnown ? [] : [.invalidAttribute]))
    var settings = Settings()
    let isTaken = if case .success = settings.set("ring_tone", tone) { true } else { false }
    #expect(isTaken == (isKnown && tone != "us-old"))
  }

  // D-31: told, and asked as it stands.
  @Test func aTemplateInAURLIsToldAsOne() {
    let reading = Read.text(
      "<Response><Redirect>http://w/{{CallSid}}</Redirect></Response>")
    #expect(reading.findings.map(\.code) == [.invalidURL])
    #expect(reading.findings.first?.text.contains("template") == true)
    guard case .redirect(let redirect)? = reading.document?.verbs.first?.kind else { return }
    #expect(redirect.url == "http://w/{{CallSid}}")
    let bare = Corpus.check(Array("<Response><Dial>${To}</Dial></Response>".utf8))
    #expect(bare.findings.map(\.code) == [.invalidTarget])
  }

  // H-32
  @Test(arguments: [
    ("http://web/grün?q=ä#ö", "http://web/gr%C3%BCn?q=%C3%A4#%C3%B6"),
    ("/ä?b", "http://web/%C3%A4?b"), ("host:/ä", "host:/ä"),
    ("http://web/%C3%A4", "http://web/%C3%A4"),
  ])
  func aURLIsAskedInASCII(text: String, asked: String) {
    #expect(URLResolver(base: "http://web/doc").resolve(text) == asked)
  }

  // X-1, X-2
  @Test func headersThatWereEscapedTwiceOrByAFormAreTold() {
    let twice = Read.sip("sip:a@h?X-A=1&amp;amp;X-B=2")
    #expect(twice.reading.findings.map(\.code) == [.invalidHeader])
    #expect(twice.reading.findings.first?.text.contains("twice") == true)
    #expect(twice.noun?.headers == [HeaderLine("X-A", [49])])
    func check(_ headers: String) -> [FindingCode] {
      Corpus.check(Array("<Response><Dial><Sip>sip:a@h?\(headers)</Sip></Dial></Response>".utf8))
        .findings.map(\.code)
    }
    #expect(check("X-Name=Jo+Lee") == [.invalidHeader])
    #expect(check("X-From=+1500") == [])
    #expect(Read.sip("sip:a@h?X-Name=Jo+Lee").reading.findings.isEmpty)
  }
}
