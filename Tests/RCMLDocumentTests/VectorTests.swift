import RCMLBasics
import RCMLDocument
import Testing

/// Reading in one line.
enum Read {
  static func text(
    _ text: String, contentType: String = "text/xml", url: String = "http://web/doc/voice",
    settings: Settings = Settings()
  ) -> Reading {
    DocumentReader.read(Array(text.utf8), contentType: contentType, url: url, settings: settings)
  }

  static func sip(_ text: String, attributes: String = "") -> (noun: SipNoun?, reading: Reading) {
    let reading = self.text("<Response><Dial><Sip \(attributes)>\(text)</Sip></Dial></Response>")
    guard case .dial(let dial)? = reading.document?.verbs.first?.kind,
      case .sip(let noun)? = dial.targets.first
    else { return (nil, reading) }
    return (noun, reading)
  }

  static func dial(_ attributes: String) -> Dial? {
    let reading = text("<Response><Dial \(attributes)><Sip>sip:a@h</Sip></Dial></Response>")
    guard case .dial(let dial)? = reading.document?.verbs.first?.kind else { return nil }
    return dial
  }
}

/// The vectors of spec §18.
struct VectorTests {
  @Test(arguments: [
    ("sip:a@h?x=1&y=2", "sip:a@h?x=1&y=2"), ("sip:a@h?x=1&y=2&z=3", "sip:a@h?x=1&y=2&z=3"),
    ("sip:a@h?x=1&amp;y=2&z=3", "sip:a@h?x=1&y=2&z=3"),
    ("sip:a@h?x=1&ampy=2", "sip:a@h?x=1&ampy=2"), ("sip:a@h?x=1&lt;y", "sip:a@h?x=1<y"),
    ("sip:a@h?x=1&copy;", "sip:a@h?x=1&copy;"), ("sip:a@h?x=&#65;&#x42;", "sip:a@h?x=AB"),
    ("<![CDATA[sip:a@h?x=1&y=2&amp;z]]>", "sip:a@h?x=1&y=2&amp;z"),
    ("tom & jerry", "tom & jerry"), ("a&", "a&"), ("&&", "&&"),
  ])
  func aBareAmpersandIsTakenLiterally(text: String, value: String) {
    // §18.1
    let reading = Read.text("<Response><Say>\(text)</Say></Response>")
    guard case .say(let say)? = reading.document?.verbs.first?.kind else {
      Issue.record("\(String(describing: reading.error))")
      return
    }
    #expect(say.text == value)
  }

  @Test func aBareAmpersandInAnActionIsTakenLiterally() {
    #expect(Read.dial("action=\"http://w/a?b=1&c=2\"")?.action == "http://w/a?b=1&c=2")
  }

  @Test(arguments: [
    (
      "mycustomheader=tata&myotherheader=toto", ["X-mycustomheader: tata", "X-myotherheader: toto"]
    ),
    (
      "X-Custom-Header1=1234&X-Custom-Header2=4321",
      ["X-Custom-Header1: 1234", "X-Custom-Header2: 4321"]
    ),
    ("x-lower=1", ["x-lower: 1"]), ("X-Eq=a=b=c", ["X-Eq: a=b=c"]),
    ("X-Pct=J%C3%B6rg%20M%2bN+O", ["X-Pct: Jörg M+N+O"]), ("X-Bad=%zz", ["X-Bad: %zz"]),
    ("X-Inj=a%0d%0aVia:%20x", []), ("X-Nul=a%00b", []), ("X-Tab=a%09b", []),
    ("Via=x&From=y&l=0&Content-Length=5&body=hi", []),
    (
      "User-to-User=56a390f3d2b7310023a2%3Bencoding%3Dhex",
      ["User-to-User: 56a390f3d2b7310023a2;encoding=hex"]
    ),
    ("X-Same=1&X-Same=2", ["X-Same: 1", "X-Same: 2"]), ("=v&noequal&&X-Ok=", ["X-Ok: "]),
    ("X%20Y=1", []), ("X-RCML-CallSid=1", []), ("x=1&y=2", []),
  ])
  func theHeadersOfATargetAreTheseLines(part: String, lines: [String]) {
    // §18.2, Q-1
    let noun = Read.sip("sip:a@h?\(part)").noun
    let written = noun?.headers.map {
      String(decoding: $0.name, as: UTF8.self) + ": " + String(decoding: $0.value, as: UTF8.self)
    }
    #expect(written == lines)
  }

  @Test(
    arguments: [
      ("initiated,ringing", [.initiated, .ringing]), ("initiated ringing", [.initiated, .ringing]),
      (" Initiated ,,RINGING ", [.initiated, .ringing]), ("answered,foo", [.answered]),
      ("", Set(SipNoun.Event.allCases)), ("foo", Set(SipNoun.Event.allCases)),
    ] as [(String, Set<SipNoun.Event>)])
  func statusCallbackEventsAreSplitAtCommasAndBlanks(text: String, events: Set<SipNoun.Event>) {
    // §18.6
    let noun = Read.sip("sip:a@h", attributes: "statusCallbackEvent=\"\(text)\"").noun
    #expect(noun?.statusCallbackEvents == events)
  }
}
