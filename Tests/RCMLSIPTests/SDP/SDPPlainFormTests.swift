import RCMLBasics
import Testing

@testable import RCMLSIP

/// What is called plain without libosip2, libosip2 takes as well.
struct SDPPlainFormTests {
  private static let plain = [
    "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
      + "m=audio 40022 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n",
    "v=0\r\no=phone 1 1 IN IP6 2001:db8::1\r\ns=\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
      + "m=audio 4000 RTP/AVP 0\r\nc=IN IP6 2001:db8::1\r\na=ptime:20\r\n"
      + "m=video 0 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n",
    "v=0\no=- 1 1 IN IP4 10.0.0.1\ns=a talk\nc=IN IP4 10.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 8\n",
  ]

  private static func judge(_ body: [UInt8]) -> (isPlain: Bool, isGrammatical: Bool)? {
    body.withUnsafeBytes { octets in
      guard let lines = SDPLines(octets) else { return nil }
      var scan = SDPScan(octets: octets, lines: lines)
      guard scan.read() == nil else { return nil }
      return (
        SDPPlainForm.has(octets, lines), SessionDescription.isGrammaticalForOsip(octets, lines)
      )
    }
  }

  @Test(arguments: plain) func usualDescriptionIsPlain(_ text: String) throws {
    let verdict = try #require(SDPPlainFormTests.judge(Array(text.utf8)))
    #expect(verdict.isPlain)
    #expect(verdict.isGrammatical)
  }

  @Test(arguments: ["b=AS:64\r\n", "i=what\r\n", "k=clear:a\r\n", "c=IN IP4 224.0.0.1/127\r\n"])
  func rareLineIsLeftToLibosip2(_ line: String) throws {
    let body = Array((SDPPlainFormTests.plain[0] + line).utf8)
    let verdict = try #require(SDPPlainFormTests.judge(body))
    #expect(!verdict.isPlain)
  }

  /// Octets changed, left out and doubled, lines moved: nothing that libosip2 refuses is called plain.
  @Test func plainIsGrammatical() {
    var random = RandomSource(seed: 4566)
    let odd = Array(" :/=-0a\t\r\n~\u{7f}".utf8) + [0x80, 0xff, 0]
    var plain = 0
    for _ in 0..<3_000 {
      var body = Array(SDPPlainFormTests.plain[Int(random.next() % 3)].utf8)
      for _ in 0...(random.next() % 3) {
        let place = Int(random.next() % UInt64(body.count))
        switch random.next() % 4 {
        case 0: body[place] = odd[Int(random.next() % UInt64(odd.count))]
        case 1: body.remove(at: place)
        case 2: body.insert(odd[Int(random.next() % UInt64(odd.count))], at: place)
        default:
          var lines = body.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
          let line = lines.remove(at: Int(random.next() % UInt64(lines.count)))
          lines.insert(line, at: Int(random.next() % UInt64(lines.count + 1)))
          body = Array(lines.joined(separator: [10]))
        }
        if body.isEmpty { break }
      }
      guard let verdict = SDPPlainFormTests.judge(body), verdict.isPlain else { continue }
      plain += 1
      #expect(verdict.isGrammatical, "\(String(decoding: body, as: UTF8.self))")
    }
    #expect(plain > 300)
  }
}
