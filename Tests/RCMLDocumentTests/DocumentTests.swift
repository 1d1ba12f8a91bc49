import RCMLBasics
import RCMLDocument
import Testing

/// What is read, what is refused, and where it is said to stand.
struct DocumentTests {
  @Test(arguments: [
    "<!DOCTYPE r [<!ENTITY e \"x\">]><Response/>", "<Response>&#0;</Response>",
    "<Response>&#xFFFF;</Response>", "<Response><Say>a < b</Say></Response>",
    "<Response><Dial timeout=3/></Response>", "<Response></Dial>", "<Response/><Response/>",
    "<Response><Dial a=\"1\" a=\"2\"/></Response>", "<Other/>", "<Response>", "<",
  ])
  func whatIsNoDocumentIsRefusedWithItsPlace(text: String) {
    // G-1, G-6, G-7, G-10, G-12
    let reading = Read.text(text)
    #expect(reading.document == nil)
    #expect(reading.error.map { $0.line >= 1 && !$0.text.isEmpty } == true)
  }

  @Test func hostileDocumentsHitTheirLimits() {
    // G-3
    let deep = String(repeating: "<a>", count: 40) + String(repeating: "</a>", count: 40)
    let many = "<Response>" + String(repeating: "<Hangup/>", count: 1_000) + "</Response>"
    let wide =
      "<Response><Dial " + (0..<65).map { "a\($0)=\"\"" }.joined(separator: " ") + "/></Response>"
    let long = "<Response><Say>" + String(repeating: "a", count: 70_000) + "</Say></Response>"
    for text in [deep, many, wide, long] { #expect(Read.text(text).document == nil) }
  }

  @Test func encodingsAreUnderstood() {
    // G-2
    let text = "<Response><Say>Jörg</Say></Response>"
    let utf16 = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let latin1 = text.unicodeScalars.map { UInt8($0.value) }
    let documents: [([UInt8], String)] = [
      (Array(text.utf8), "text/xml"), ([0xef, 0xbb, 0xbf] + Array(text.utf8), "text/xml"),
      ([0xff, 0xfe] + utf16, "text/xml"), (utf16, "text/xml; charset=utf-16le"),
      (latin1, "text/xml; charset=\"ISO-8859-1\""),
      (latin1, "application/xml;charset=windows-1252"),
      (Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".utf8) + latin1, "text/xml"),
    ]
    for (bytes, type) in documents {
      let reading = DocumentReader.read(bytes, contentType: type, url: "", settings: Settings())
      guard case .say(let say)? = reading.document?.verbs.first?.kind else {
        Issue.record("\(type): \(reading.error?.text ?? "")")
        continue
      }
      #expect(say.text == "Jörg")
    }
    for (bytes, type) in [(latin1, "text/xml"), (latin1, "text/xml; charset=koi8-r")] {
      #expect(
        DocumentReader.read(bytes, contentType: type, url: "", settings: Settings()).document == nil
      )
    }
  }

  @Test func otherContentTypesAreOneVerb() {
    // G-4, G-5
    if case .say(let say)? = Read.text(" Hello ", contentType: "text/plain").document?.verbs.first?
      .kind
    {
      #expect(say.text == "Hello")
    } else {
      Issue.record("no Say")
    }
    if case .play(let play)? = Read.text("RIFF", contentType: "audio/wav").document?.verbs.first?
      .kind
    {
      #expect(play.url == "http://web/doc/voice")
    } else {
      Issue.record("no Play")
    }
    #expect(Read.text("", contentType: "").document?.verbs.isEmpty == true)
    #expect(Read.text("<Response/>", contentType: "").document != nil)
    #expect(Read.text("hello", contentType: "").document == nil)
    #expect(Read.text("{}", contentType: "application/json").document == nil)
  }

  @Test func findingsSayWhereAndWhatWasMeant() {
    // G-13, G-14, G-22
    let reading = Read.text(
      "<Response>\n  <Dail/>\n  <Dial timout=\"5\" timeLimit=\"90000\">sip:a@h</Dial>\n</Response>")
    #expect(reading.document?.verbs.count == 1)
    #expect(reading.findings.map(\.code) == [.unknownVerb, .invalidAttribute, .unknownAttribute])
    #expect(reading.findings[0].line == 2 && reading.findings[0].column == 3)
    #expect(reading.findings[0].text.contains("<Dial>"))
    #expect(reading.findings[2].line == 3 && reading.findings[2].text.contains("timeout"))
  }

  @Test func placesAreThoseOfTheOriginalText() {
    // The repair of ampersands shifts nothing for the reader.
    let reading = Read.text("<Response><Say>a & b & c</Say><Foo/></Response>")
    #expect(reading.findings.map(\.column) == [18, 22, 31])
    #expect(Read.text("\n <?xml version=\"1.0\"?><Foo/>").error?.line == 2)
  }

  @Test func attributesHaveTheirDefaultsAndLimits() {
    // §2.1, G-17
    let plain = Read.dial("")
    #expect(plain?.timeout == .seconds(30) && plain?.timeLimit == .seconds(14_400))
    #expect(plain?.method == .post && plain?.callerID == .ofCaller && plain?.answerOnBridge == nil)
    let set = Read.dial(
      "timeout=\"601\" timeLimit=\"0\" method=\"get\" hangupOnStar=\"TRUE\" record=\"true\" action=\"../a\""
    )
    #expect(set?.timeout == .seconds(600) && set?.timeLimit == .seconds(14_400))
    #expect(set?.method == .get && set?.hangupOnStar == true && set?.record == .fromAnswer)
    #expect(set?.action == "http://web/a")
  }

  @Test(
    arguments: [
      ("bob", .token("bob")), ("#1", .token("%231")),
      ("bob@example.com", .uri("sip:bob@example.com", displayName: "")),
      ("Bob &lt;sip:bob@example.com;x=1&gt;", .uri("sip:bob@example.com", displayName: "Bob")),
      ("Anonymous", .anonymous), ("a b", .token("a%20b")), ("a\u{7f}b", .anonymous),
    ] as [(String, CallerID)])
  func callerIdIsATokenOrAUri(text: String, callerID: CallerID) {
    // U-1, U-5, U-68
    #expect(Read.dial("callerId=\"\(text)\"")?.callerID == callerID)
  }

  @Test(arguments: [
    ("sip:alice@example.com", "sip:alice@example.com"),
    ("alice@example.com", "sip:alice@example.com"),
    ("sip:example.com:5080;transport=TCP;lr", "sip:example.com:5080;transport=TCP;lr"),
    ("sip:a@[2001:db8::1]:5061", "sip:a@[2001:db8::1]:5061"),
    ("sip:jörg@example.com", "sip:j%C3%B6rg@example.com"), ("sip:a@h;method=BYE", "sip:a@h"),
  ])
  func aTargetIsDialledAsThis(text: String, requestURI: String) {
    // S-1, S-2, S-7
    let noun = Read.sip(text).noun
    #expect(noun?.requestURI == requestURI && noun?.invalid == nil)
  }

  @Test(arguments: [
    "", "sip:", "sip:a@", "sip:a b@h", "\"Alice\" &lt;sip:a@h&gt;", "sip:a@h:99999",
    "sip:a@h;transport=ws",
    "sip:a@[::1", "sip:a@h:0",
  ])
  func aTargetThatCannotBeDialledStaysAndFails(text: String) {
    // S-2, S-3, S-6, T-1
    let (noun, reading) = Read.sip(text)
    #expect(noun != nil && noun?.invalid != nil)
    #expect(!reading.findings.isEmpty)
  }

  @Test func longAddressesAreInvalid() {
    // S-5
    let user = String(repeating: "a", count: 243)
    #expect(Read.sip("sip:\(user)@h.test").noun?.invalid == nil)
    #expect(Read.sip("sip:\(user)a@h.test").noun?.invalid != nil)
    #expect(Read.sip("sip:a@h?X-A=" + String(repeating: "a", count: 1_019)).noun?.invalid == nil)
    #expect(Read.sip("sip:a@h?X-A=" + String(repeating: "a", count: 1_020)).noun?.invalid != nil)
  }

  @Test func targetsAreLimitedAndDialledOnce() {
    // D-20 … D-24
    let many = (0..<12).map { "<Sip>sip:a\($0)@h</Sip>" }.joined()
    let reading = Read.text(
      "<Response><Dial><Uri>sip:a@h</Uri><Sip>sip:a@h</Sip><Number>+1555</Number></Dial><Dial>\(many)</Dial><Dial>5551234</Dial><Dial/></Response>"
    )
    let dials = reading.document?.verbs.map { verb -> Int in
      if case .dial(let dial) = verb.kind { dial.targets.count } else { -1 }
    }
    #expect(dials == [2, 10, 1, 0])
    #expect(reading.findings.map(\.code) == [.duplicateTarget, .tooManyTargets, .noTarget])
  }

  @Test func aPasswordIsKeptAsWrittenAndNeverPrinted() {
    // G-16, A-8
    let (noun, reading) = Read.sip("sip:a@h", attributes: "username=\" u \" password=\" s3cr3t \"")
    #expect(noun?.username?.exposed == "u" && noun?.password?.exposed == " s3cr3t ")
    #expect(!"\(reading)".contains("s3cr3t"))
  }

  @Test func theOtherVerbsAreRead() {
    // §4
    let reading = Read.text(
      """
      <Response><Say loop="0">Hi <!-- x --> there</Say><Play>a.wav</Play><Pause length="0"/>
      <Gather finishOnKey="" numDigits="4" action="/g"><Say>Key</Say><Dial/></Gather>
      <Record finishOnKey="x" maxLength="60"/><Redirect method="GET">next</Redirect>
      <Reject reason="busy"/><Hangup/></Response>
      """)
    let kinds = reading.document?.verbs.map(\.kind) ?? []
    #expect(kinds.count == 8)
    guard kinds.count == 8, case .say(let say) = kinds[0], case .play(let play) = kinds[1],
      case .pause(let pause) = kinds[2], case .gather(let gather) = kinds[3],
      case .record(let record) = kinds[4], case .redirect(let redirect) = kinds[5],
      case .reject(let reject) = kinds[6]
    else { return }
    #expect(say.loop == 0 && play.url == "http://web/doc/a.wav" && pause.length == .seconds(1))
    #expect(gather.finishOnKey.isEmpty && gather.numDigits == 4 && gather.prompts.count == 1)
    #expect(record.finishOnKey == "1234567890*#" && record.maxLength == .seconds(60))
    #expect(redirect.url == "http://web/doc/next" && redirect.method == .get && reject.isBusy)
  }

  @Test func anyOctetCanBeAnythingWithoutATrap() {
    let document = Array(
      "<?xml version=\"1.0\"?><Response><Dial action=\"/a?b&c\"><Sip url=\"x\">sip:a:b@[::1]:5?X-A=%41&</Sip></Dial></Response>"
        .utf8)
    for position in document.indices {
      for octet in [0, 9, 34, 38, 60, 62, 128, 255] as [UInt8] {
        var changed = document
        changed[position] = octet
        _ = DocumentReader.read(changed, contentType: "text/xml", url: "", settings: Settings())
      }
      _ = DocumentReader.read(
        Array(document[..<position]), contentType: "", url: "", settings: Settings())
    }
  }
}
