import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDocument

/// Slips that were found once, each with its name.
struct HardeningTests {
  private func warnings(_ text: String) -> [FindingCode] {
    Read.text(text).findings.map(\.code)
  }

  private func target(_ text: String) -> SipNoun? {
    let document = Read.text("<Response><Dial><Sip>\(text)</Sip></Dial></Response>").document
    guard case .dial(let dial)? = document?.verbs.first?.kind,
      case .sip(let noun)? = dial.targets.first
    else { return nil }
    return noun
  }

  // G-6, G-7
  @Test(arguments: [
    "<!--><![CDATA[--><!DOCTYPE r [<!ENTITY e \"boo\">]><Response><Say>&e;</Say></Response><!--]]>-->",
    "<?><![CDATA[?><!DOCTYPE r [<!ENTITY e \"boo\">]><Response><Say>&e;</Say></Response>",
    "<!--- --><!DOCTYPE r [<!ENTITY e \"boo\">]><Response/>",
    "<!-- > --><!DOCTYPE r SYSTEM \"file:///etc/passwd\"><Response/>",
    "<Response/><!DOCTYPE r>", "<?x ?><!DOCTYPE r><Response/>",
  ])
  func noDocumentTypeHidesBehindACommentThatDoesNotEnd(text: String) {
    let reading = Read.text(text)
    #expect(reading.document == nil)
    #expect((reading.error?.line ?? 0) >= 1)
  }

  @Test func aCommentThatOnlyLooksClosedIsAComment() {
    #expect(Read.text("<!--> a & b <!DOCTYPE --><Response/>").document != nil)
  }

  // G-9
  @Test func thirtyThousandBareAmpersandsAreToldAHundredTimes() {
    let body = String(repeating: "&", count: 30_000)
    let reading = Read.text("<Response><Say>\(body)</Say></Response>")
    guard case .say(let say)? = reading.document?.verbs.first?.kind else {
      Issue.record("no Say")
      return
    }
    #expect(say.text.utf8.count == 30_000)
    let told = reading.findings.filter { $0.code == .bareAmpersand }
    #expect(told.count == 101)
    #expect(told[99].column == 16 + 99)
    #expect(told.last?.severity == .note)
  }

  @Test func placesBehindBareAmpersandsAreThoseOfTheText() {
    let reading = Read.text("<Response><Say>a & b & c</Say><Dail/></Response>")
    let verb = reading.findings.first { $0.code == .unknownVerb }
    #expect(verb?.column == 31)
  }

  //
  @Test(arguments: ["RCML-CallSid=CA1", "rcml-ParentCallSid=x", "X-RCML-CallSid=x"])
  func noHeaderBecomesOursByItsPrefix(part: String) {
    #expect(target("sip:a@h?\(part)")?.headers.isEmpty == true)
  }

  // what guards against circles is not a document's to say, whatever the settings let through.
  @Test(arguments: ["Max-Breadth=200", "max-breadth=200", "RCML-Trail=1"])
  func noDocumentSaysHowOftenACallMayComeBack(part: String) {
    var settings = Settings()
    settings.headerPrefix = .asIs
    settings.passHeaders = ["Max-Breadth", "RCML-Trail"]
    let text = "<Response><Dial><Sip>sip:a@h?\(part)</Sip></Dial></Response>"
    let reading = DocumentReader.read(
      Array(text.utf8), contentType: "text/xml", url: "", settings: settings)
    guard case .dial(let dial)? = reading.document?.verbs.first?.kind else {
      Issue.record("no Dial was read")
      return
    }
    #expect(dial.targets.first?.dialled?.headers.isEmpty == true)
    #expect(reading.findings.contains { $0.code == .forbiddenHeader })
  }

  // G-18
  @Test(arguments: [
    ("host:/a/b", "c", "host:/a/c"), ("host:/a/b", "/c", "host:/c"),
    ("host:screen", "next", "host:next"),
    ("host:a/b?x=1", "../c", "host:c"), ("host:/a", "?y", "host:/a?y"),
    ("http://a", "g", "http://a/g"),
    ("http://a?q", "?y", "http://a?y"),
  ])
  func hostAddressesAndBareAuthoritiesAreBasesToo(base: String, reference: String, expected: String)
  {
    #expect(URLResolver(base: base).resolve(reference) == expected)
  }

  // S-2, RFC 3261 §25.1
  @Test(arguments: [
    "sip:a@a..b", "sip:a@.b", "sip:a@999.999.999.999", "sip:a@1.2.3", "sip:a@[:::::]",
    "sip:a@[1.2]",
    "sip:a@[::1", "sip:a%zz@h", "sip:a@h;x=%z", "sip:a@h;a=b=c", "sip:a@-h", "sip:a@h-",
    "sip:a@123",
    "sip:a@h:0", "sip:a@h:70000", "sip:@h", "sip:", "sip:a@h;", "\"A\" &lt;sip:a@h&gt;",
  ])
  func whatIsNoSipUriBecomesALegThatFails(uri: String) {
    #expect(target(uri)?.invalid == .invalidTarget)
  }

  @Test(arguments: [
    "sip:a@h", "a@h", "SIP:a@h.example.", "sip:h", "sip:a@[::1]:5060", "sip:a@10.0.0.1",
    "sip:a%20b@h", "sip:a@h;lr;x=%41", "sip:a@x-1.example_2.com:5080;transport=tcp",
  ])
  func whatIsASipUriIsDialled(uri: String) {
    #expect(target(uri)?.invalid == nil)
  }

  // D-21
  @Test func bareTextWithASchemeInCapitalsIsASipTarget() {
    let document = Read.text("<Response><Dial>SIP:host</Dial></Response>").document
    guard case .dial(let dial)? = document?.verbs.first?.kind, case .sip? = dial.targets.first
    else {
      Issue.record("not a Sip target")
      return
    }
  }

  // G-17, X-2, S-3
  @Test(arguments: [
    ("<Dial ringTone=\"usa\">sip:a@h</Dial>", FindingCode.invalidAttribute),
    ("<Dial recordingStatusCallbackEvent=\"done\">sip:a@h</Dial>", .invalidAttribute),
    ("<Dial x-stop-on=\"busy\">sip:a@h</Dial>", .invalidAttribute),
    ("<Dial x-stop-on=\"200\">sip:a@h</Dial>", .invalidAttribute),
    ("<Dial><Sip>sip:a@h?X-Bad=%zz</Sip></Dial>", .invalidHeader),
    ("<Dial><Sip>sip:a@h?X-A=b c</Sip></Dial>", .invalidHeader),
    ("<Dial><Sip password=\"x\">sip:a@h</Sip></Dial>", .missingPassword),
  ])
  func whatIsNotUsedAsWrittenIsTold(verb: String, code: FindingCode) {
    #expect(warnings("<Response>\(verb)</Response>") == [code])
  }

  // G-10, G-11
  @Test func anAttributeWithAndWithoutPrefixStandsTwice() {
    let reading = Read.text(
      "<Response xmlns:a=\"u\"><Dial timeout=\"5\" a:timeout=\"9\">sip:a@h</Dial></Response>")
    #expect(reading.error?.text.contains("timeout") == true)
  }

  @Test func aWrongClosingTagIsNamed() {
    let reading = Read.text("<Response><Dial>sip:a@h</Dail></Response>")
    #expect(reading.error?.text.contains("<Dial>") == true)
    #expect(reading.error?.text.contains("</Dail>") == true)
  }
}
