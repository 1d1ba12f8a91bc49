import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDocument

/// Clauses of the grammar and of custom headers, each by itself.
struct ClauseTests {
  private func say(_ text: String) -> String? {
    guard case .say(let say)? = Read.text(text).document?.verbs.first?.kind else { return nil }
    return say.text
  }

  private func lines(_ part: String, settings: Settings = Settings()) -> [String] {
    let document = Read.text(
      "<Response><Dial><Sip>sip:a@h?\(part)</Sip></Dial></Response>", settings: settings
    ).document
    guard case .dial(let dial)? = document?.verbs.first?.kind,
      case .sip(let noun)? = dial.targets.first
    else { return ["no target"] }
    return noun.headers.map {
      String(decoding: $0.name, as: UTF8.self) + ": " + String(decoding: $0.value, as: UTF8.self)
    }
  }

  // G-8
  @Test func commentsAndInstructionsAreNoTextAndCDATAIs() {
    #expect(
      say("<Response><?x y?><Say>one<!-- two --> <![CDATA[three & <four>]]><?p?></Say></Response>")
        == "one three & <four>")
  }

  // G-15
  @Test func textUnderTheRootIsToldAndTheVerbsRun() {
    let reading = Read.text("<Response>hello<Hangup/>  </Response>")
    #expect(reading.findings.map(\.code) == [.ignoredText])
    #expect(reading.document?.verbs.count == 1)
    #expect(Read.text("<Response>\n <Hangup/>\n</Response>").findings.isEmpty)
  }

  // G-19
  @Test(arguments: [
    "Dial", "Say", "Play", "Pause", "Gather", "Record", "Redirect", "Reject", "Hangup",
  ])
  func everyVerbIsKnown(name: String) {
    let reading = Read.text("<Response><\(name)>http://w/x</\(name)></Response>")
    #expect(reading.document?.verbs.count == 1)
    #expect(!reading.findings.contains { $0.code == .unknownVerb })
  }

  // G-23
  @Test(arguments: ["\n  ", "\u{feff}", " \u{feff}\t"])
  func spaceBeforeTheDeclarationIsSkippedAndTold(space: String) {
    let reading = Read.text(space + "<?xml version=\"1.0\"?><Response><Hangup/></Response>")
    #expect(reading.document?.verbs.count == 1)
    let isMarkAlone = space == "\u{feff}"
    #expect(isMarkAlone || reading.findings.map(\.code) == [.leadingSpace])
  }

  // D-26
  @Test func theOlderFormOfANounNamesItsTargetInAnAttribute() {
    #expect(Read.sip("", attributes: "name=\"sip:a@h\"").noun?.uri == "sip:a@h")
    #expect(Read.sip("sip:b@h", attributes: "name=\"sip:a@h\"").noun?.uri == "sip:b@h")
  }

  // S-15
  @Test func noTargetInheritsFromAnother() {
    let document = Read.text(
      """
      <Response><Dial><Sip username="u" password="p" url="/s" statusCallback="/c" timeout="9">sip:a@h</Sip>\
      <Sip>sip:b@h</Sip></Dial></Response>
      """
    ).document
    guard case .dial(let dial)? = document?.verbs.first?.kind, case .sip(let noun) = dial.targets[1]
    else {
      Issue.record("no second target")
      return
    }
    #expect(noun.username == nil && noun.password == nil && noun.url == nil)
    #expect(noun.statusCallback == nil && noun.timeout == .seconds(60))
  }

  //
  @Test func thePartIsSplitAtAmpersandsAndEachPieceAtItsFirstEqualsSign() {
    #expect(
      lines("X-A=1=2&amp;&amp;X-B=&amp;=v&amp;bare&amp;X-C=3") == ["X-A: 1=2", "X-B: ", "X-C: 3"])
  }

  //
  @Test func aNameThatIsNoTokenIsDropped() {
    #expect(lines("X%20Y=1&amp;X(a)=2&amp;X%C3%B6=3&amp;X-Ok=4") == ["X-Ok: 4"])
  }

  //
  @Test func someNamesAreSentAsTheyAre() {
    let own =
      "User-to-User=a&amp;Remote-Party-ID=b&amp;P-Preferred-Identity=c&amp;Diversion=d&amp;Alert-Info=e&amp;Subject=f"
    #expect(lines(own).count == 6)
    #expect(!lines(own).contains { $0.hasPrefix("X-") })
    var settings = Settings()
    settings.passHeaders = ["P-Charge-Info"]
    #expect(lines("P-Charge-Info=g", settings: settings) == ["P-Charge-Info: g"])
    #expect(lines("P-Charge-Info=g") == ["X-P-Charge-Info: g"])
  }

  //
  @Test(arguments: ["X-A=a%0d%0aVia:%20x", "X-A=a%00b", "X-A=a%09b", "X%0AB=1", "X-A=%7f"])
  func nothingOfAnInjectionReachesTheWire(part: String) {
    #expect(lines(part + "&amp;X-Ok=1") == ["X-Ok: 1"])
    let reading = Read.sip("sip:a@h?\(part)").reading
    #expect(reading.findings.map(\.code) == [.headerInjection])
  }

  //
  @Test func valuesKeepTheirFormAndRepeatedNamesTheirOrder() {
    #expect(
      lines("X-S=1&amp;X-T=%20%22q%22%20;x%20&amp;X-S=2") == ["X-S: 1", "X-T: \"q\" ;x", "X-S: 2"])
  }

  //
  @Test func aDialInsideASkippedElementIsSkippedWithIt() {
    let reading = Read.text("<Response><Custom><Dial>sip:a@h</Dial></Custom><Hangup/></Response>")
    #expect(reading.document?.verbs.count == 1)
    #expect(reading.findings.map(\.code) == [.unknownVerb])
  }

  // Q-27, G-14
  @Test func reservedNamesAreKnownAndOtherExtensionsAreNobodysBusiness() {
    let reading = Read.text(
      """
      <Response><Dial x-winner="answer" x-stop-on="603" x-warn="10" x-mine="?">\
      <Sip x-delay="3" x-timeout="9" x-yours="!">sip:a@h</Sip></Dial></Response>
      """)
    #expect(reading.findings.isEmpty)
    guard case .dial(let dial)? = reading.document?.verbs.first?.kind,
      case .sip(let noun)? = dial.targets.first
    else {
      Issue.record("no target")
      return
    }
    #expect(dial.firstAnswerWins == true && dial.stopOn == [603] && dial.warning == .seconds(10))
    #expect(noun.delay == .seconds(3) && noun.ringLimit == .seconds(9))
  }
}
