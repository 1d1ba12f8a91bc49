import RCMLBasics
import Testing

@testable import RCMLSIP

/// Failures P5: every number of a message, at its edges. No wrap, and the result of each is written down here.
struct NumberTests {
  static let hundredDigits = String(repeating: "9", count: 100)
  static let values = [
    "-1", "+1", "0", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775808",
    "18446744073709551616", hundredDigits, "0x10", "", "\u{661}",
  ]

  /// nil = refused. The columns are `values`.
  static let results: [(String, [UInt64?])] = [
    (
      "CSeq",
      [nil, nil, 0, 2_147_483_647, 2_147_483_648, 4_294_967_295, nil, nil, nil, nil, nil, nil, nil]
    ),
    ("Max-Forwards", [nil, nil, 0, 255, 255, 255, 255, 255, 255, 255, nil, nil, nil]),
    ("Content-Length", [nil, nil, 0, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil]),
    ("Request-URI port", [nil, nil, 0, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil]),
    ("Via port", [nil, nil, 0, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil]),
    ("rport", [nil, nil, 0, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil]),
    ("SIP version", [nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil]),
    ("status code", [nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil]),
  ]

  @Test(arguments: results.map(\.0))
  func aNumberNeverWraps(field: String) {
    let expected = NumberTests.results.first { $0.0 == field }?.1 ?? []
    for (value, wanted) in zip(NumberTests.values, expected) {
      #expect(NumberTests.read(field, value) == wanted, "\(field): \(value)")
    }
  }

  private static func read(_ field: String, _ value: String) -> UInt64? {
    switch field {
    case "CSeq":
      return accepted(request(replacing: ["CSeq": "\(value) OPTIONS"])).map { UInt64($0.cseq) }
    case "Max-Forwards":
      return accepted(request(replacing: ["Max-Forwards": value]))?.maxForwards.map { UInt64($0) }
    case "Content-Length":
      return accepted(request(replacing: ["Content-Length": value])).map { UInt64($0.body.count) }
    case "Request-URI port":
      let message = accepted(request("OPTIONS sip:a@example.com:\(value) SIP/2.0"))
      return message.flatMap { SIPURI.read($0.requestURI)?.port }.map { UInt64($0) }
    case "Via port":
      let via = "SIP/2.0/UDP 192.0.2.1:\(value);branch=z9hG4bKx"
      return accepted(request(replacing: ["Via": via]))?.topVia.port.map { UInt64($0) }
    case "rport":
      let via = "SIP/2.0/UDP 192.0.2.1;rport=\(value);branch=z9hG4bKx"
      return accepted(request(replacing: ["Via": via]))?.topVia.rport.map { UInt64($0) }
    case "SIP version":
      return accepted(request("OPTIONS sip:a@b SIP/\(value).0")).map { _ in 2 }
    case _:
      let bytes = request("SIP/2.0 \(value) x", replacing: ["CSeq": "1 INVITE"])
      return accepted(bytes).map { UInt64($0.statusCode) }
    }
  }

  /// Read when asked for: none of them is a reason to refuse a message (RFC 4475 §3.1.2.4), all stop at 2^32−1.
  @Test(arguments: [
    FieldName.expires, .minExpires, .minSE, .retryAfter, .rseq, .sessionExpires, .timestamp,
  ])
  func aNumberThatIsReadLaterStopsAtItsLargest(name: FieldName) {
    let expected: [UInt32?] = [
      nil, nil, 0, 2_147_483_647, 2_147_483_648, 4_294_967_295, 4_294_967_295, 4_294_967_295,
      4_294_967_295, 4_294_967_295, nil, nil, nil,
    ]
    for (value, wanted) in zip(NumberTests.values, expected) {
      for suffix in ["", ";refresher=uas", " (later)"] {
        let message = accepted(request(fields: ["\(name.name): \(value)\(suffix)"]))
        #expect(message != nil, "\(name): \(value)")
        #expect(message?.number(of: name) == wanted, "\(name): \(value)")
      }
    }
  }

  @Test(arguments: [
    "m=audio # RTP/AVP 0", "m=audio 4000 RTP/AVP #", "m=audio 4000/# RTP/AVP 0",
    "a=ptime:#", "o=- # 1 IN IP4 192.0.2.1", "b=AS:#", "t=# 0",
  ])
  func aNumberOfADescriptionNeverTraps(line: String) {
    for value in NumberTests.values {
      var lines = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"]
      let changed = line.replacing("#", with: value)
      if let index = lines.firstIndex(where: { $0.prefix(2) == line.prefix(2) }) {
        lines[index] = changed
      }
      if line.hasPrefix("m=") {
        lines.append(changed)
      } else {
        lines.append("m=audio 4000 RTP/AVP 0")
      }
      if line.hasPrefix("a=") { lines.append(changed) }
      let verdict = SessionDescription.check(Array((lines.joined(separator: "\r\n") + "\r\n").utf8))
      if let audio = verdict.usableAudio { #expect(audio.port == 4000 && audio.payloads == [0]) }
    }
  }
}
