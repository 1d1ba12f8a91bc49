import Foundation
import RCMLBasics
import RCMLDocument
import Testing

/// Tests/Corpus: every document of it, read as a check reads it.
enum Corpus {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Corpus")

  static func names(_ room: String, _ ending: String = ".xml") -> [String] {
    let all = try? FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: room).path)
    return (all ?? []).filter { $0.hasSuffix(ending) }.sorted()
  }

  static func octets(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: path)))
  }

  static func check(_ octets: [UInt8]) -> Reading {
    DocumentReader.read(octets, contentType: "", url: "", settings: Settings(), isCheck: true)
  }
}

struct CorpusTests {
  @Test func theCorpusIsThere() {
    #expect(Corpus.names("findings").count >= 40)
    #expect(Corpus.names("hostile", ".dat").count >= 15)
    #expect(Corpus.names("seed").count == 5)
  }

  /// `line:column severity code` in the order of the places (G-22, E-7).
  @Test(arguments: Corpus.names("findings"))
  func theFindingsStandWhereTheyAreExpected(name: String) throws {
    let reading = Corpus.check(try Corpus.octets("findings/\(name)"))
    let all = reading.findings + (reading.error.map { [$0] } ?? [])
    let told = all.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
      .map { "\($0.line):\($0.column) \($0.severity) \($0.code.rawValue)" }
    let expected = String(
      decoding: try Corpus.octets("findings/\(name.dropLast(4)).txt"), as: UTF8.self)
    #expect(told == expected.split(separator: "\n").map(String.init))
    #expect(all.allSatisfy { $0.text.hasSuffix(".") || $0.text.hasSuffix("?") })
  }

  /// G-1 … G-7, G-10: refused, and the place is said.
  @Test(arguments: Corpus.names("hostile", ".dat"))
  func whatIsHostileIsRefusedWithAPlace(name: String) throws {
    let reading = Corpus.check(try Corpus.octets("hostile/\(name)"))
    #expect(reading.document == nil)
    #expect(reading.error.map { $0.line >= 1 && $0.column >= 1 } == true)
    #expect(reading.findings.count <= 101 * FindingCode.allCases.count)
  }

  /// Every octet of the corpus becomes others, one at a time; the long documents by samples.
  @Test func anyOctetOfTheCorpusCanBeAnything() throws {
    for room in ["seed", "findings", "hostile"] {
      for name in Corpus.names(room, room == "hostile" ? ".dat" : ".xml") {
        let octets = try Corpus.octets("\(room)/\(name)")
        let step = octets.count > 1_500 ? octets.count / 5 : 1
        let others: [UInt8] = [0, 38, 60, 255, 34, 128, 62, 37]
        for position in stride(from: 0, to: octets.count, by: step) {
          var changed = octets
          changed[position] = others[position % others.count]
          _ = Corpus.check(changed)
        }
      }
    }
  }

  @Test func adviceIsForThoseWhoCheck() {
    // A running call hears of what is wrong, not of what may be meant.
    let text = "<Response><Dial action=\"http://w/a\"><Number>1</Number></Dial><Hangup/></Response>"
    #expect(Read.text(text).findings.isEmpty)
    #expect(Corpus.check(Array(text.utf8)).findings.count == 2)
  }

  @Test func aMismatchedTagNamesWhatIsOpenAndWhereItBegan() {
    let text = Read.text("<Response>\n <Dial>\n  <Sip>a@h</Sipp>\n</Dial></Response>").error?.text
    #expect(text?.contains("<Sip> of line 3") == true && text?.contains("</Sipp>") == true)
    let end = Read.text("<Response>\n <Dial>\n").error
    #expect(end?.text.contains("<Dial> of line 2") == true && end?.line == 3)
  }

  @Test(arguments: [
    ("<Response><Dial record=\"ture\">a@h</Dial></Response>", "mean true?"),
    ("<Response><Dial method=\"PSOT\">a@h</Dial></Response>", "mean post?"),
    ("<Response><Dial timout=\"1\">a@h</Dial></Response>", "mean timeout?"),
    ("<Response><Dial><Spi>a@h</Spi></Dial></Response>", "mean <Sip>?"),
    (
      "<Response><Dial><Sip statusCallbackEvent=\"anwsered\">a@h</Sip></Dial></Response>",
      "mean answered?"
    ),
    ("<Response><Dial url=\"/a\">a@h</Dial></Response>", "`url` belongs to <Sip>"),
  ])
  func whatWasMeantIsAsked(text: String, question: String) {
    #expect(Corpus.check(Array(text.utf8)).findings.contains { $0.text.contains(question) })
  }

  @Test func encodingErrorsHaveTheirPlace() {
    // G-2: characters of the decoded text are counted
    let cases: [([UInt8], String, Int, Int)] = [
      (Array("<a>\nJö".utf8) + [0xff], "", 2, 3),
      (Array("<a>\nab".utf8) + [0xe9], "us-ascii", 2, 3),
      ([0x3c, 0, 0x0a, 0, 0x61, 0, 0, 0xd8], "utf-16le", 2, 2),
      (Array("<a>\n".utf8) + [0xe9, 0x81], "windows-1252", 2, 2),
      (Array("<a/>".utf8), "koi8-r", 1, 1),
    ]
    for (octets, charset, line, column) in cases {
      let error = DocumentReader.read(
        octets, contentType: "text/xml" + (charset.isEmpty ? "" : ";charset=" + charset), url: "",
        settings: Settings()
      ).error
      #expect(error?.line == line && error?.column == column, "\(charset)")
    }
  }
}
