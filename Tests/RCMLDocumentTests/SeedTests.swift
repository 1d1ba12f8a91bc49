import Foundation
import RCMLBasics
import RCMLDocument
import Testing

/// The examples of the seed, verbatim (Tests/Corpus/seed).
struct SeedTests {
  static func dial(_ name: String) throws -> Dial {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let bytes = try Data(contentsOf: folder.appending(path: "Corpus/seed/\(name).xml"))
    let reading = DocumentReader.read(
      Array(bytes), contentType: "text/xml", url: "http://web/voice", settings: Settings())
    let verb = try #require(reading.document?.verbs.first, "\(String(describing: reading.error))")
    guard case .dial(let dial) = verb.kind else { throw CancellationError() }
    return dial
  }

  static func sip(_ dial: Dial) -> SipNoun? {
    if case .sip(let noun)? = dial.targets.first { noun } else { nil }
  }

  @Test func theSimpleExample() throws {
    let noun = Self.sip(try Self.dial("01"))
    #expect(noun?.requestURI == "sip:alice@127.0.0.1:5080" && noun?.port == 5080)
  }

  @Test func theExampleWithCredentials() throws {
    let noun = Self.sip(try Self.dial("02"))
    #expect(noun?.username?.exposed == "alice" && noun?.password?.exposed == "secret")
  }

  @Test func theExampleWithCustomHeaders() throws {
    let noun = Self.sip(try Self.dial("03"))
    #expect(noun?.requestURI == "sip:alice@example.com")
    #expect(
      noun?.headers.map { String(decoding: $0.name, as: UTF8.self) } == [
        "X-mycustomheader", "X-myotherheader",
      ])
  }

  @Test func theExampleOverTCP() throws {
    #expect(Self.sip(try Self.dial("04"))?.transport == .tcp)
  }

  @Test func theExampleWithEverything() throws {
    let dial = try Self.dial("05")
    #expect(dial.record == .fromAnswer && dial.timeout == .seconds(10) && dial.hangupOnStar)
    #expect(dial.callerID == .token("bob") && dial.action == "http://web/handle_post_dial")
    let noun = Self.sip(dial)
    #expect(noun?.url == "http://web/handle_screening_on_answer" && noun?.headers.count == 1)
  }
}
