import Foundation
import RCMLBasics
import Testing

@testable import RCMLSIP

/// What the reader takes and what it refuses, each with the reason it gives (failures §2.0, P3, P6).
struct MessageReaderTests {
  struct Refusal: CustomStringConvertible, Sendable {
    var name: String
    var bytes: [UInt8]
    var code: UInt16
    var reason: String
    var description: String { name }

    init(_ name: String, _ code: UInt16, _ reason: String, _ bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
      self.code = code
      self.reason = reason
    }
  }

  static let refusals: [Refusal] = [
    Refusal("no From", 400, "Missing From", request(replacing: ["From": nil])),
    Refusal("no To", 400, "Missing To", request(replacing: ["To": nil])),
    Refusal("no Call-ID", 400, "Missing Call-ID", request(replacing: ["Call-ID": nil])),
    Refusal("no CSeq", 400, "Missing CSeq", request(replacing: ["CSeq": nil])),
    Refusal(
      "CSeq of another method", 400, "CSeq Method Differs", request(replacing: ["CSeq": "1 INVITE"])
    ),
    Refusal("empty Call-ID", 400, "Bad Call-ID", request(replacing: ["Call-ID": ""])),
    Refusal("two words of Call-ID", 400, "Bad Call-ID", request(replacing: ["Call-ID": "a b"])),
    Refusal("CSeq without a method", 400, "Bad CSeq", request(replacing: ["CSeq": "7"])),
    Refusal(
      "negative length", 400, "Bad Content-Length", request(replacing: ["Content-Length": "-7"])),
    Refusal(
      "length of 2^64", 400, "Content-Length Too Large",
      request(replacing: ["Content-Length": "18446744073709551616"])),
    Refusal(
      "negative Max-Forwards", 400, "Bad Max-Forwards", request(replacing: ["Max-Forwards": "-1"])),
    Refusal("two tags", 400, "Bad From", request(replacing: ["From": "<sip:a@b>;tag=1;tag=2"])),
    Refusal(
      "comma in a display name", 400, "Bad From",
      request(replacing: ["From": "Doe, Jane <sip:jane@example.com>;tag=1"])),
    Refusal(
      "two To addresses in a line", 400, "Bad To",
      request(replacing: ["To": "<sip:a@example.com>, <sip:b@example.com>"])),
    Refusal(
      "empty parameters of a Via", 400, "Bad Via",
      request(replacing: ["Via": "SIP/2.0/UDP 192.0.2.1;;,;,,"])),
    Refusal(
      "Via without a host", 0, "Bad Via", request(replacing: ["Via": "SIP/2.0/UDP ;branch=x"])),
    Refusal(
      "Contact with empty parameters", 400, "Bad Contact",
      request(fields: ["Contact: \"A\" <sip:a@example.com>;;;;"])),
    Refusal(
      "Contact with a header part outside brackets", 400, "Bad Contact",
      request(fields: ["Contact: sip:a@example.com?Route=%3Csip:p.example.com%3E"])),
    Refusal(
      "Request-URI in brackets", 400, "Bad Request-URI",
      request("OPTIONS <sip:a@example.com> SIP/2.0")),
    Refusal(
      "two blanks in the request line", 400, "Bad Request Line",
      request("OPTIONS  sip:a@example.com  SIP/2.0")),
    Refusal(
      "header part in the Request-URI", 400, "Bad Request-URI",
      request("OPTIONS sip:a@example.com?Route=%3Csip:b%3E SIP/2.0")),
    Refusal(
      "IPv6 address without brackets", 400, "Bad Request-URI",
      request("OPTIONS sip:2001:db8::9 SIP/2.0")),
    Refusal(
      "IPv6 brackets not closed", 400, "Bad Request-URI",
      request("OPTIONS sip:[2001:db8::9 SIP/2.0")),
    Refusal(
      "not an IPv6 address", 400, "Bad Request-URI", request("OPTIONS sip:[2001:dbg::9] SIP/2.0")),
    Refusal("port of 65536", 400, "Bad Request-URI", request("OPTIONS sip:a@b:65536 SIP/2.0")),
    Refusal("SIP/3.0", 505, "Version Not Supported", request("OPTIONS sip:a@b SIP/3.0")),
    Refusal(
      "method that is no token", 400, "Bad Request Line", request("OPT(IONS sip:a@b SIP/2.0")),
    Refusal("header without colon", 400, "Header Line Without Colon", request(fields: ["Subject"])),
    Refusal(
      "header name with a blank inside", 400, "Bad Header Name", request(fields: ["Sub ject: x"])),
    Refusal("NUL in a header", 400, "Control Octet in Header", request(fields: ["Subject: a\0b"])),
    Refusal(
      "DEL in a header", 400, "Control Octet in Header", request(fields: ["Subject: a\u{7f}b"])),
    Refusal("bare CR", 400, "Bad Line End", request(fields: ["Subject: a\rVia: b"])),
    Refusal("bare LF", 400, "Bad Line End", request(fields: ["Subject: a\nX-Evil: b"])),
    Refusal(
      "branch of nothing but the cookie", 400, "Bad Branch",
      request(replacing: ["Via": "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK"])),
    Refusal(
      "quote that never closes in a Route", 400, "Bad Route",
      request(fields: ["Route: \"x <sip:p.example.com;lr>"])),
    Refusal("no Via", 400, "Missing Via", request(replacing: ["Via": nil])),
  ]

  @Test(arguments: refusals)
  func aFaultIsNamed(row: Refusal) throws {
    let malformed = try #require(refused(row.bytes), "was accepted")
    #expect("\(malformed.reason)" == row.reason)
    // What shows no way back is dropped, whatever its fault.
    let isAnswerable = row.code != 0 && row.reason != "Missing Via"
    #expect(malformed.code == (isAnswerable ? row.code : 0))
    #expect((malformed.message != nil) == isAnswerable)
  }

  /// Failures P3: of two, the first is as wrong as the last. In any case, compact, blank before the colon.
  @Test(arguments: FieldName.allCases.filter(\.isSingle))
  func aSingleValueHeaderMayNotStandTwice(name: FieldName) {
    let spelled = name.name.octets.text
    let value =
      switch name {
      case .cseq: "7 OPTIONS"
      case .from, .to: "<sip:x@example.com>;tag=9"
      case .maxForwards: "70"
      case .contentLength: "0"
      case _: "1"
      }
    let standard = ["Call-ID", "CSeq", "From", "To", "Max-Forwards", "Content-Length"]
    let first = standard.contains(spelled) ? [] : ["\(spelled): \(value)"]
    for second in [
      spelled, spelled.uppercased(), spelled.lowercased(), spelled + " ", spelled + "\t",
    ] {
      #expect(refused(request(fields: first + ["\(second): \(value)"]))?.code == 400)
    }
  }

  @Test func compactFormsAreTheSameHeaders() throws {
    let message = try #require(
      accepted(
        wire(
          "INVITE sip:b@example.com SIP/2.0", "v: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx",
          "f: <sip:a@example.com>;tag=1", "t: sip:b@example.com", "i: abc", "CSeq: 1 INVITE",
          "m: <sip:a@192.0.2.1>", "k: 100rel, Timer", "c: application/sdp", "l: 0",
          "s: subject", "x: 1800;refresher=uac")))
    #expect(message.callID.text == "abc")
    #expect(message.contactURI?.text == "sip:a@192.0.2.1")
    #expect(message.hasOption("timer", in: .supported))
    #expect(!message.hasOption("replaces", in: .supported))
    #expect(message.hasContentType("application/sdp"))
    #expect(message.number(of: .sessionExpires) == 1800)
    #expect(refused(request(fields: ["l: 0"]))?.code == 400)
  }

  @Test(arguments: FieldName.allCases.filter { $0 != .other })
  func everyHeaderIsKnownInAnyLetterCase(name: FieldName) {
    let text = name.name.octets.text
    for spelled in [text, text.lowercased(), text.uppercased()] {
      let found = Array(spelled.utf8).withUnsafeBytes { FieldName($0, 0..<$0.count) }
      #expect(found == name)
    }
    for near in [
      text + "x", String(text.dropLast()), text.replacingOccurrences(of: "e", with: "3"),
    ]
    where near.count > 1 && near != text {
      #expect(Array(near.utf8).withUnsafeBytes { FieldName($0, 0..<$0.count) } != name)
    }
  }

  @Test(arguments: Method.allCases.filter { $0 != .other })
  func everyMethodIsKnownOnlyInCapitals(method: Method) {
    let text = method.name.octets
    #expect(text.withUnsafeBytes { Method($0, 0..<$0.count) } == method)
    let lower = Array(text.text.lowercased().utf8)
    #expect(lower.withUnsafeBytes { Method($0, 0..<$0.count) } == .other)
    #expect((text + [65]).withUnsafeBytes { Method($0, 0..<$0.count) } == .other)
  }

  @Test func lineEndsAloneKeepThePathOpen() {
    for octets: [UInt8] in [[], [13, 10], [13, 10, 13, 10], [0, 0, 0, 0]] {
      guard case .keepAlive = read(octets) else {
        Issue.record("not a keep-alive: \(octets)")
        continue
      }
    }
  }

  @Test func lineEndsBeforeAMessageAreForgiven() {
    #expect(accepted([13, 10, 13, 10] + request())?.method == .options)
  }

  /// RFC 3261 §18.3: what follows the body in a datagram is not part of the message.
  @Test func whatFollowsTheBodyOfADatagramIsCutOff() throws {
    let first = request("REGISTER sip:example.com SIP/2.0")
    let message = try #require(accepted(first + request()))
    #expect(message.method == .register)
    #expect(message.body.isEmpty)
    #expect(message.viaCount == 1)
  }

  @Test func aDatagramWithoutContentLengthCarriesTheRest() throws {
    let bytes = request(replacing: ["Content-Length": nil], body: "v=0\r\n")
    #expect(accepted(bytes)?.body.text == "v=0\r\n")
    #expect(refused(bytes, over: .tcp)?.code == 400)
  }

  /// RFC 3261 §25.1 quoted-pair: any octet but CR and LF, NUL among them.
  @Test func controlOctetsMayBeQuotedInADisplayName() throws {
    let bytes = request(
      replacing: ["To": "\"a\\\0b\\\u{7}c\\\u{7f}\" <sip:b!'()~@example.com>"])
    let message = try #require(accepted(bytes))
    let to = try #require(message.nameAddress(of: .to))
    #expect(to.displayName.text == "a b c ")
  }

  @Test func aDisplayNameNeedsNoBlankBeforeTheBracket() throws {
    let message = try #require(
      accepted(request(replacing: ["From": "caller<sip:caller@example.com>;tag=3"])))
    #expect(message.fromTag.text == "3")
    #expect(message.fromURI.text == "sip:caller@example.com")
  }

  @Test func anEscapedNullDoesNotEndAName() throws {
    let message = try #require(
      accepted(request(replacing: ["To": "sip:null-%00-null@example.com"])))
    #expect(message.toURI.text == "sip:null-%00-null@example.com")
    #expect(SIPURI.read(message.toURI[...])?.user.text == "null-%00-null")
    #expect(SIPURI.read(Array("sip:a@b;method=%00x".utf8)[...]) == nil)
  }

  @Test func unknownTransportsAreReadButNotKnown() throws {
    let message = try #require(
      accepted(
        request(
          replacing: [
            "Via": "SIP/2.0/SCTP 192.0.2.1;branch=z9hG4bK1, SIP/2.0/UNKNOWN a;branch=z9hG4bK2"
          ])))
    #expect(message.topVia.transport == nil)
    #expect(message.topVia.transportName.text == "SCTP")
    #expect(message.viaCount == 2)
  }

  @Test func responsesAreReadOrDroppedNeverAnswered() throws {
    func response(_ line: String, cseq: String = "1 INVITE") -> [UInt8] {
      request(line, replacing: ["CSeq": cseq])
    }
    let message = try #require(accepted(response("SIP/2.0 200 = 2**3 \u{43d}\u{43e}")))
    #expect(message.statusCode == 200)
    #expect(message.method == .invite)
    #expect(message.phrase.text == "= 2**3 \u{43d}\u{43e}")
    for line in [
      "SIP/2.0 4294967301 x", "SIP/2.0 99 x", "SIP/2.0 700 x", "SIP/2.0 2xx x", "SIP/7.0 200 OK",
      "SIP/2.0 +20 x", "SIP/2.0", "SIP/2.0 20",
    ] {
      let malformed = try #require(refused(response(line)), "\(line) was accepted")
      #expect(malformed.code == 0 && malformed.message == nil)
    }
    #expect(refused(response("SIP/2.0 200 OK", cseq: "9292394834772304023312 INVITE"))?.code == 0)
  }

  @Test func anAckIsNeverAnswered() {
    let malformed = refused(request("ACK sip:a@b SIP/2.0", replacing: ["To": nil]))
    #expect(malformed?.code == 0)
  }

  @Test func foldedLinesAreUnfoldedAndTheOriginalIsKept() throws {
    let bytes = request(fields: ["Subject: one\r\n two\r\n\t three", "X-Last: y"])
    let message = try #require(accepted(bytes))
    #expect(message.value(of: .subject)?.text == "one   two  \t three")
    #expect(message.folded == bytes)
    #expect(message.headerLines(named: ["x-*"]).map { $0.value.text } == ["y"])
  }

  @Test func selectedHeadersKeepTheirOrder() throws {
    let message = try #require(
      accepted(
        request(fields: [
          "X-One: 1", "User-to-User: 56a390f3d2b7310023a2;encoding=hex", "Subject: no",
          "diversion: <sip:x@example.com>;reason=busy", "x-two: 2", "Xtra: no",
        ])))
    let lines = message.headerLines(named: ["x-*", "user-to-user", "diversion"])
    #expect(lines.map { $0.name.text } == ["X-One", "User-to-User", "diversion", "x-two"])
    #expect(lines.last?.value.text == "2")
  }

  @Test func listsAreDividedAtCommasOutsideQuotesAndBrackets() throws {
    let message = try #require(
      accepted(
        request(fields: [
          "Record-Route: <sip:p1.example.com;lr>, \"a, b\" <sip:p2.example.com;x=1,2;lr>",
          "Record-Route: <sip:p3.example.com;lr>",
          "Reason: Q.850;cause=16;text=\"a, b\", SIP;cause=200",
        ])))
    #expect(
      message.recordRoutes.map(\.text) == [
        "<sip:p1.example.com;lr>", "\"a, b\" <sip:p2.example.com;x=1,2;lr>",
        "<sip:p3.example.com;lr>",
      ])
    #expect(message.values(of: .reason).count == 2)
  }

  @Test func tooManyOrTooLongHeadersAreRefused() {
    let many = (0...MessageReader.fieldLimit).map { "X-\($0): y" }
    #expect(refused(request(fields: many))?.code == 400)
    let long = "Subject: " + String(repeating: "x", count: MessageReader.headLimit)
    #expect(refused(request(fields: [long]))?.code == 400)
  }
}
