import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLAgent

/// What was read before is what it would be if it were read again.
@Suite struct DocumentShelfTests {
  private static func octets(_ number: Int, padding: Int = 0) -> [UInt8] {
    let comment = "<!--" + String(repeating: "x", count: padding) + "-->"
    // An attribute that is none is told each time.
    return Array(
      "<Response>\(comment)<Dial odd=\"\(number)\"><Sip>sip:a@h</Sip></Dial></Response>".utf8)
  }

  private static func expectSame(_ one: Reading, _ other: Reading) {
    #expect(one.document == other.document)
    #expect(one.findings == other.findings)
    #expect(one.error == other.error)
  }

  /// More than there are places for, some of them twice, in an order that moves them about.
  @Test func aShelfSaysWhatTheReaderSays() {
    let shelf = DocumentShelf()
    let settings = Settings()
    for number in [0, 0, 1, 2, 0, 3, 4, 5, 6, 7, 8, 9, 0, 9, 1, 8, 2, 2] {
      for padding in [0, DocumentShelf.octets] {
        for (type, url) in [("", ""), ("text/xml", "http://h/a"), ("text/plain", "http://h/a")] {
          let octets = Self.octets(number, padding: padding)
          let reading = shelf.read(octets, contentType: type, url: url, settings)
          Self.expectSame(
            reading,
            DocumentReader.read(octets, contentType: type, url: url, settings: settings))
          #expect(reading.findings.isEmpty == (type == "text/plain"))
        }
      }
    }
  }

  /// A setting that is set makes a shelf of its own; calls that have begun keep theirs.
  @Test func settingsAreReadBy() {
    let services = AgentServices()
    let octets = Self.octets(1, padding: 2_000)
    let before = services.rules
    func isRead(_ settings: Settings) -> Bool {
      services.rules.read(octets, "", "", settings).document != nil
    }
    #expect(isRead(services.settings))
    guard case .success = services.set("max_document_bytes", "1024") else {
      Issue.record("max_document_bytes cannot be set")
      return
    }
    #expect(!isRead(services.settings))
    #expect(before.read(octets, "", "", before.settings).document != nil)
  }
}
