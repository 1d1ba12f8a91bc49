import RCMLBasics
import Testing

@testable import RCMLDocument

/// Numbers and clients that `number_uri` and `client_uri` dial (spec D-30, D-27).
struct NumberTests {
  static func settings(
    number: String = "sip:{number}@gw.example;user=phone",
    client: String = "sip:{client}@pbx.example"
  ) -> Settings {
    var settings = Settings()
    for (name, value) in [
      ("number_uri", number), ("client_uri", client), ("number_username", "trunk"),
      ("number_password", "s3cr3t"),
    ] {
      guard case .success = settings.set(name, value) else { preconditionFailure(name) }
    }
    return settings
  }

  private func reading(_ dial: String, _ settings: Settings = Self.settings()) -> Reading {
    Read.text("<Response><Dial>\(dial)</Dial></Response>", settings: settings)
  }

  private func target(_ dial: String, _ settings: Settings = Self.settings()) -> Target? {
    guard case .dial(let dial)? = reading(dial, settings).document?.verbs.first?.kind else {
      return nil
    }
    return dial.targets.first
  }

  @Test(arguments: [
    ("+15005550001", "+15005550001"), ("<Number>+1 (500) 555-0001</Number>", "+15005550001"),
    ("500.555.0001", "5005550001"), ("tel:+1-500-555-0001", "+15005550001"),
    ("<Sip>tel:+15005550001</Sip>", "+15005550001"), ("<Number>*98</Number>", "*98"),
    ("<Number>#21</Number>", "%2321"), ("<Number> 1001\n</Number>", "1001"),
    ("<Uri>tel:1001;phone-context=a.example</Uri>", "1001;phone-context=a.example"),
  ])
  func aNumberIsDialledByTheTemplate(text: String, user: String) {
    let noun = target(text)?.dialled
    #expect(noun?.requestURI == "sip:\(user)@gw.example;user=phone")
    #expect(noun?.user == user && noun?.host == "gw.example" && noun?.invalid == nil)
    #expect(noun?.username?.exposed == "trunk" && noun?.password?.exposed == "s3cr3t")
    #expect(reading(text).findings.isEmpty)
  }

  @Test(arguments: [
    ("<Client>alice</Client>", "alice"), ("<Client>client:alice</Client>", "alice"),
    ("<Client>jo doe@x</Client>", "jo%20doe%40x"),
    ("<Client><Identity>ann</Identity></Client>", "ann"), ("<Client>Jörg</Client>", "J%C3%B6rg"),
  ])
  func aClientIsDialledByItsOwn(text: String, user: String) {
    let noun = target(text)?.dialled
    #expect(noun?.requestURI == "sip:\(user)@pbx.example" && noun?.invalid == nil)
    #expect(noun?.username == nil, "the gateway's credentials are not for the PBX")
  }

  @Test func itsAttributesAreThoseOfASip() {
    let noun = target(
      "<Number url=\"/who\" statusCallback=\"/cb\" statusCallbackEvent=\"answered\" x-timeout=\"9\" x-delay=\"2\">+1</Number>"
    )
    #expect(noun?.dialled?.url == "http://web/who" && noun?.delay == .seconds(2))
    #expect(noun?.dialled?.statusCallbackEvents == [.answered])
    #expect(noun?.dialled?.ringLimit == .seconds(9))
    let findings = reading("<Number statusCallbackEvent=\"rung\" usrname=\"x\">+1</Number>")
      .findings
    #expect(findings.map(\.code) == [.invalidAttribute, .unknownAttribute])
  }

  // X-1: those of the noun behind those of the template.
  @Test func headersMayStandInTheTemplateAndInTheNoun() {
    let noun = target(
      "<Number>1001?X-B=2</Number>", Self.settings(number: "sip:{number}@gw?X-A=1"))
    #expect(noun?.dialled?.headers == [HeaderLine("X-A", [49]), HeaderLine("X-B", [50])])
    #expect(noun?.dialled?.requestURI == "sip:1001@gw")
  }

  @Test(arguments: [
    ("<Number>alice</Number>", "telephone number"), ("<Number>1-800-FLOWERS</Number>", "telephone"),
    ("<Number/>", "telephone number"), ("<Client/>", "name"), ("{{To}}", "template"),
    ("<Number>1+2</Number>", "telephone number"), ("<Number>1001;a b</Number>", "sip:user@host"),
    ("<Number>12@h</Number>", "telephone number"),
  ])
  func whatIsNoneIsALegThatFailsAndAFinding(text: String, word: String) {
    let noun = target(text)?.dialled
    #expect(noun?.invalid == .invalidTarget)
    let findings = reading(text).findings
    #expect(findings.map(\.code) == [.invalidTarget] && findings.first?.line == 1)
    #expect(findings.first?.text.contains(word) == true)
  }

  @Test func twoWaysToWriteOneNumberAreOneTarget() {
    let reading = reading(
      "<Number>+1 500</Number><Number>+1500</Number><Number url=\"/w\">+1500</Number>")
    #expect(reading.findings.map(\.code) == [.duplicateTarget])
  }

  /// Without a template the host gets the noun as it stands, and nothing is said of what it may know.
  @Test func withoutATemplateOnlyTheHostKnows() {
    let plain = Settings()
    #expect(target("<Number foo=\"bar\">+1 500</Number>", plain)?.dialled == nil)
    #expect(reading("<Number foo=\"bar\">+1 500</Number>", plain).findings.isEmpty)
    let found = Corpus.check(
      Array(
        "<Response><Dial><Number statusCallbackEvent=\"rung\">+1</Number></Dial></Response>".utf8))
    #expect(
      found.findings.map(\.code) == [.invalidAttribute, .uselessAttribute, .unsupportedNoun])
    #expect(found.findings.last?.text.contains("number_uri") == true)
  }

  @Test(arguments: [
    ("number_uri", "sip:gw.example", "{number} is missing"),
    ("number_uri", "sip:{client}@gw.example", "{number} is missing"),
    ("number_uri", "sip:{number}{number}@gw.example", "only once"),
    ("number_uri", "sip:a@{number}.example", "before the @"),
    ("number_uri", "sip:{number}@", "no SIP URI"), ("number_uri", "tel:{number}", "before the @"),
    ("number_uri", "sip:{number}:pw@gw.example", "password"),
    ("number_uri", "sips:{number}@gw.example;transport=udp", "over tls"),
    ("number_uri", "sip:{number}@gw.example;transport=ws", "transport=tls"),
    ("client_uri", "sip:{number}@pbx.example", "{client} is missing"),
  ])
  func aTemplateThatCannotBeDialledIsRefusedWithTheReason(
    name: String, value: String, why: String
  ) {
    var settings = Settings()
    guard case .failure(let problem) = settings.set(name, value) else {
      Issue.record("it was taken")
      return
    }
    #expect(problem.text.contains(why), "\(problem.text)")
    #expect(problem.text.contains(name) && !problem.text.contains("pw"))
    #expect(settings.numberURI.isEmpty && settings.clientURI.isEmpty)
  }

  @Test(arguments: [
    "sip:{number}@gw.example", "{number}@gw.example:5070;transport=tcp", "sip:9{number}@[::1]", "",
    "sip:{number}@gw.example?X-Account=7",
  ])
  func aTemplateThatCanIsTaken(value: String) {
    var settings = Settings()
    guard case .success = settings.set("number_uri", value) else {
      Issue.record("refused")
      return
    }
    #expect(settings.numberURI == value)
  }

  /// What a host calls: an address that looks like a number is an address.
  @Test(arguments: [
    ("+1 500", true), ("tel:1001", true), ("500.555.0001", true), ("192.0.2.1", false),
    ("alice@h", false), ("sip:1001@h", false), ("gw", false), ("2001:db8::1", false),
  ])
  func aHostMayNameANumber(party: String, isNumber: Bool) {
    #expect(NumberText.isCallee(party) == isNumber)
  }
}

/// `sendDigits` and `x-digits` (spec D-27), and the `digits` of a Play.
struct DigitTextTests {
  private func targets(_ nouns: String, _ settings: Settings = Settings()) -> (
    [Target], [FindingCode]
  ) {
    let reading = Read.text("<Response><Dial>\(nouns)</Dial></Response>", settings: settings)
    guard case .dial(let dial)? = reading.document?.verbs.first?.kind else { return ([], []) }
    return (dial.targets, reading.findings.map(\.code))
  }

  private func digits(_ target: Target) -> String {
    switch target {
    case .sip(let noun): noun.digits
    case .noun(let noun): noun.digits
    }
  }

  @Test(arguments: [
    ("<Number sendDigits=\"wwWw1928\">1</Number>", "wwWw1928"),
    ("<Sip x-digits=\"12*#AD\">sip:a@h</Sip>", "12*#AD"),
    ("<Client x-digits=\" 9 \">a</Client>", "9"), ("<Queue x-digits=\"5\">q</Queue>", "5"),
    ("<Number sendDigits=\"1\" x-digits=\"2\">1</Number>", "2"), ("<Number>1</Number>", ""),
  ])
  func theyBelongToTheirNoun(noun: String, written: String) {
    for settings in [Settings(), NumberTests.settings()] {
      let (targets, findings) = targets(noun, settings)
      #expect(targets.map(digits) == [written] && findings.isEmpty)
      #expect(targets.allSatisfy { ($0.dialled?.digits ?? written) == written })
    }
  }

  @Test(arguments: [
    ("<Number sendDigits=\"1,2\">1</Number>", FindingCode.invalidAttribute),
    ("<Number sendDigits=\"1 2\">1</Number>", .invalidAttribute),
    ("<Sip x-digits=\"12x\">sip:a@h</Sip>", .invalidAttribute),
    ("<Sip sendDigits=\"12\">sip:a@h</Sip>", .misplacedAttribute),
  ])
  func whatIsNoKeyIsAFinding(noun: String, code: FindingCode) {
    let (targets, findings) = targets(noun)
    #expect(targets.map(digits) == [""] && findings == [code])
  }

  @Test func theSameNumberWithOtherDigitsIsAnotherTarget() {
    let nouns = "<Number sendDigits=\"1\">+1</Number><Number sendDigits=\"2\">+1</Number>"
    #expect(targets(nouns, NumberTests.settings()).0.count == 2)
  }

  @Test func aPlayPressesTheSameKeys() {
    let reading = Read.text("<Response><Play digits=\"1W2\"/><Play digits=\"1x\"/></Response>")
    #expect(reading.findings.map(\.code) == [.invalidAttribute])
    guard case .play(let play)? = reading.document?.verbs.first?.kind else {
      Issue.record("no Play")
      return
    }
    #expect(play.digits == "1W2")
  }
}
