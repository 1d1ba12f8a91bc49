import RCMLBasics
import RCMLDocument
import Testing

/// What a document may not do (spec G-3, G-6, G-7, G-10, G-11).
struct HostileTests {
  static let declaration = "<!DOCTYPE r [<!ENTITY e \"x\">]>"

  @Test(arguments: [
    "<!--><![CDATA[-->" + declaration + "<Response/>",
    "<!--><?-->" + declaration + "<Response><Say>&e;</Say></Response>",
    "<!---><![CDATA[-->" + declaration + "<Response/>",
    "<?a?><!--?>-->" + declaration + "<Response/>",
    "<?x <!-- ?>" + declaration + "<!-- --><Response/>",
    "<?x <![CDATA[ ?>" + declaration + "<Response/>",
    declaration + "<Response/>", "<Response/>" + declaration,
  ])
  func noDocumentTypeGetsThroughWhateverHidesIt(text: String) {
    // G-6: refused, with the place of the declaration
    let reading = Read.text(text)
    #expect(reading.document == nil)
    #expect(reading.error.map { $0.line == 1 && $0.column >= 1 } == true)
    #expect(reading.error?.text.isEmpty == false)
  }

  @Test func anEntityIsNeverExpanded() {
    // G-7
    for text in [
      "<!--><![CDATA[-->" + Self.declaration + "<Response><Say>&e;&e;</Say></Response>",
      "<Response><Say>&e;</Say></Response>",
    ] {
      if case .say(let say)? = Read.text(text).document?.verbs.first?.kind {
        #expect(say.text == "&e;")
      }
    }
  }

  @Test func manyMistakesOfOneKindAreListedUpToABound() {
    let reading = Read.text(
      "<Response><Say>" + String(repeating: "&", count: 60_000) + "</Say></Response>")
    #expect(reading.document != nil)
    #expect(reading.findings.count == 101)
    #expect(reading.findings.last?.severity == .note)
    #expect(reading.findings[99].column == 115)
  }

  @Test func placesBehindManyBareAmpersandsStayExact() {
    let reading = Read.text(
      "<Response><Say>" + String(repeating: "&", count: 30_000) + "</Say><Foo/></Response>")
    #expect(reading.findings.last?.code == .unknownVerb)
    #expect(reading.findings.last?.column == 15 + 30_000 + 6 + 1)
  }

  @Test func anAttributeStandsOnceWhateverItsPrefix() {
    // G-10, G-11: the local name counts
    let reading = Read.text(
      "<Response><Dial xmlns:a=\"u\" a:timeout=\"3\" timeout=\"5\">a</Dial></Response>")
    #expect(reading.document == nil)
    #expect(reading.error?.column == 43)
  }
}
