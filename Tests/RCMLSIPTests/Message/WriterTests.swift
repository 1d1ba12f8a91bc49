import RCMLBasics
import Testing

@testable import RCMLSIP

/// What goes out: requests, responses made of requests, and octets that would like to be lines (failures P2, P9).
struct WriterTests {
  static let source = SocketAddress(ipv4: 0xc000_0263, port: 40_000)

  private func invite(body: [UInt8] = Array("v=0\r\n".utf8)) -> [UInt8] {
    var writer = RequestWriter(.invite, uri: Array("sip:bob@example.com".utf8))
    let here = SocketAddress(ipv4: 0xc000_0201, port: 5060)
    writer.header.via(.udp, sentBy: here, branch: Array("z9hG4bKabc".utf8)[...])
    writer.header.field("Max-Forwards", number: 69)
    writer.header.address(
      "From", Array("\"A\" <sip:a@example.com>".utf8), tag: Array("f1".utf8)[...])
    writer.header.address("To", Array("<sip:bob@example.com>".utf8), tag: [])
    writer.header.field("Call-ID", Array("id1".utf8))
    writer.header.cseq(3, .invite)
    writer.header.fields(
      "Route", [Array("<sip:p1;lr>".utf8), Array("<sip:p2;lr>".utf8)])
    writer.header.field(HeaderLine("X-Tenant", Array("42".utf8)))
    return writer.finish(body: body)
  }

  @Test func aRequestReadsBackAsItWasWritten() throws {
    let message = try #require(accepted(invite(), over: .tcp))
    #expect(message.folded == nil)
    #expect(message.method == .invite && message.cseq == 3 && message.maxForwards == 69)
    #expect(message.requestURI.text == "sip:bob@example.com")
    #expect(message.topVia.host.text == "192.0.2.1" && message.topVia.port == 5060)
    #expect(message.topVia.hasRport && message.topVia.hasMagicCookie)
    #expect(message.fromTag.text == "f1" && message.toTag.isEmpty)
    #expect(message.values(of: .route).map(\.text) == ["<sip:p1;lr>", "<sip:p2;lr>"])
    #expect(message.body.text == "v=0\r\n" && message.hasContentType("application/sdp"))
    #expect(message.fields.last?.name == .contentLength)
  }

  @Test func aResponseCarriesWhatItsRequestCarried() throws {
    let bytes = request(
      "INVITE sip:b@example.com SIP/2.0",
      replacing: [
        "Via":
          "SIP/2.0/UDP 192.0.2.1;rport ; received=203.0.113.9;branch=z9hG4bKq;x=1, SIP/2.0/TCP p;branch=z9hG4bKr"
      ],
      fields: ["Record-Route: <sip:p1;lr>", "Record-Route: <sip:p2;lr>", "Subject: no"])
    let asked = try #require(accepted(bytes))
    let writer = ResponseWriter(
      to: asked, code: 180, source: WriterTests.source, toTag: Array("t9".utf8)[...],
      copyingRecordRoute: true)
    let written = writer.finish()
    let message = try #require(accepted(written))
    #expect(message.statusCode == 180 && message.phrase.text == "Ringing")
    #expect(message.viaCount == 2)
    #expect(message.topVia.received.text == "192.0.2.99" && message.topVia.rport == 40_000)
    #expect(message.topVia.branch.text == "z9hG4bKq")
    #expect(message.toTag.text == "t9" && message.fromTag.text == "a1")
    #expect(message.callID.text == "c1@192.0.2.1" && message.cseq == 7)
    #expect(message.recordRoutes.map(\.text) == ["<sip:p1;lr>", "<sip:p2;lr>"])
    #expect(message.value(of: .subject) == nil && message.value(of: .maxForwards) == nil)
  }

  /// RFC 3261 §18.2.1: received only where sent-by tells something else; RFC 3581 §4: always with rport.
  @Test func receivedIsAddedWhereItTellsSomething() throws {
    func via(_ value: String) throws -> Via {
      let asked = try #require(accepted(request(replacing: ["Via": value])))
      let here = SocketAddress(ipv4: 0xc000_0201, port: 5070)
      let writer = ResponseWriter(to: asked, code: 200, source: here)
      let written = writer.finish()
      return try #require(accepted(written)).topVia
    }
    let same = try via("SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1")
    #expect(same.received.isEmpty && !same.hasRport)
    #expect(try via("SIP/2.0/UDP 192.0.2.8;branch=z9hG4bK1").received.text == "192.0.2.1")
    #expect(try via("SIP/2.0/UDP host.example;branch=z9hG4bK1").received.text == "192.0.2.1")
    let asking = try via("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport")
    #expect(asking.received.text == "192.0.2.1" && asking.rport == 5070)
  }

  @Test func aToTagThatIsThereStays() throws {
    let asked = try #require(
      accepted(request(replacing: ["To": "sip:bob@example.com;tag=old"])))
    let writer = ResponseWriter(
      to: asked, code: 200, source: WriterTests.source, toTag: Array("new".utf8)[...])
    let written = writer.finish()
    #expect(try #require(accepted(written)).toTag.text == "old")
  }

  @Test func aRefusalSaysWhatIsWrong() throws {
    let malformed = try #require(refused(request(replacing: ["CSeq": "4294967296 OPTIONS"])))
    guard
      let writer = ResponseWriter(
        refusing: malformed, source: WriterTests.source, toTag: Array("t".utf8)[...])
    else {
      Issue.record("it is refused without a word")
      return
    }
    let written = writer.finish()
    #expect(written.text.hasPrefix("SIP/2.0 400 CSeq Too Large\r\nVia: SIP/2.0/UDP"))
  }

  /// Failures P9: all pairs of octets in a value, a phrase, a tag, a URI. Never a second line.
  @Test func noPairOfOctetsEndsALine() {
    let asked = accepted(request())
    for first in 0...255 as ClosedRange<UInt8> {
      for second in [0, 10, 13, 32, 58, 65, 127, 133, 255] as [UInt8] {
        let evil = [65, first, second, 66]
        var header = HeaderWriter(capacity: 64)
        header.field("X-A", evil)
        header.field(HeaderLine(name: Array("X-B".utf8), value: evil))
        header.address("To", evil, tag: evil[...])
        header.end(contentType: "text/plain", body: [])
        let lines = header.octets()
        #expect(lines.filter { $0 == 10 }.count == 5 && lines.filter { $0 == 13 }.count == 5)
        #expect(!lines.contains(0))
        let writer = RequestWriter(.options, uri: evil)
        let written = writer.finish()
        #expect(written.filter { $0 == 10 }.count == 3)
        guard let asked else { continue }
        let response = ResponseWriter(
          to: asked, code: 500, phrase: evil[...], source: WriterTests.source, toTag: evil[...])
        let answered = response.finish()
        #expect(answered.filter { $0 == 10 }.count == 8)
      }
    }
  }

  @Test func aLineWhoseNameIsNoneIsLeftOut() {
    for name in ["", "X A", "X:A", "X-A\r\nB", "X\0"] {
      var header = HeaderWriter(capacity: 64)
      header.field(HeaderLine(name: Array(name.utf8), value: [65]))
      header.end(contentType: "", body: [])
      let lines = header.octets()
      #expect(lines.text == "Content-Length: 0\r\n\r\n")
    }
  }

  @Test func everyCodeHasAPhrase() {
    for code in 100...699 as ClosedRange<UInt16> {
      #expect(ReasonPhrase.standard(code).utf8CodeUnitCount > 0)
    }
    #expect("\(ReasonPhrase.standard(487))" == "Request Terminated")
  }
}
