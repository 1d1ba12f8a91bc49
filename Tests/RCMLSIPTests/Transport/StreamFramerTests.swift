import RCMLBasics
import Testing

@testable import RCMLSIP

/// Failures P4: a stream may be cut anywhere, the messages are the same.
struct StreamFramerTests {
  /// What came out, in words that can be compared.
  static func units(_ pieces: [[UInt8]], mutating framer: inout StreamFramer) -> [String] {
    var units: [String] = []
    for piece in pieces {
      piece.withUnsafeBytes { framer.received($0) }
      while let unit = framer.next() {
        switch unit {
        case .message(let message): units.append("message \(message.bytes.text)")
        case .keepAlive: units.append("keep-alive")
        case .malformed(let malformed):
          units.append("malformed \(malformed.code) \(malformed.reason)")
        case .broken(let malformed): units.append("broken \(malformed.code) \(malformed.reason)")
        }
      }
      #expect(framer.held <= MessageReader.headLimit + StreamFramer.bodyLimit)
    }
    return units
  }

  static func units(_ pieces: [[UInt8]]) -> [String] {
    var framer = StreamFramer()
    return units(pieces, mutating: &framer)
  }

  @Test(arguments: TortureIndex.rows)
  func aStreamCutAnywhereGivesTheSameMessages(row: TortureIndex.Row) {
    let ordinary = request(body: "hello")
    for stream in [row.bytes + ordinary, ordinary + row.bytes] {
      let whole = StreamFramerTests.units([stream])
      // The length that is too large waits for octets that never come: `isMidMessage` is for that.
      #expect(whole.isEmpty == (row.name == "clerr" && stream.starts(with: row.bytes)))
      // Every place in the nightly run; two of three with each commit.
      for cut in stream.indices where MutationTests.isExhaustive || cut % 3 != 0 {
        let parts = StreamFramerTests.units([Array(stream[..<cut]), Array(stream[cut...])])
        #expect(parts == whole, "cut at \(cut)")
      }
      #expect(StreamFramerTests.units(stream.map { [$0] }) == whole)
    }
  }

  @Test func threeRequestsInOneSegmentAreThree() {
    let one = request(body: "x")
    #expect(StreamFramerTests.units([one + one + one]).count == 3)
  }

  @Test func aDoubleLineEndIsAKeepAliveAndASingleOneIsNothing() {
    let line: [UInt8] = [13, 10]
    #expect(StreamFramerTests.units([line + line]) == ["keep-alive"])
    #expect(StreamFramerTests.units(([13, 10, 13, 10] as [UInt8]).map { [$0] }) == ["keep-alive"])
    #expect(StreamFramerTests.units([line + request()]).count == 1)
    let between = StreamFramerTests.units([request() + line + line + request()])
    #expect(between.map { $0.prefix(4) } == ["mess", "keep", "mess"])
  }

  @Test(arguments: [
    ("Content-Length: 65537", "Message Too Large"),
    ("Content-Length: 4294967296", "Message Too Large"),
    ("Content-Length: 99999999999999999999999", "Message Too Large"),
    ("Content-Length: -1", "Bad Content-Length"),
    ("Content-Length: 1\r\nl: 1", "Two Content-Lengths"),
    ("X-None: 1", "Missing Content-Length"),
  ])
  func aLengthThatCannotBeTrustedBreaksTheStreamAtOnce(line: String, reason: String) {
    var framer = StreamFramer()
    let bytes = request(replacing: ["Content-Length": nil], fields: [line])
    let units = StreamFramerTests.units([bytes + request()], mutating: &framer)
    #expect(units.count == 1 && units.first?.hasPrefix("broken 400") == true)
    if reason != "Message Too Large" { #expect(units.first?.hasSuffix(reason) == true) }
    #expect(framer.held == 0)
    #expect(StreamFramerTests.units([request()], mutating: &framer).isEmpty)
  }

  @Test func aHeaderThatNeverEndsIsCutOff() {
    var framer = StreamFramer()
    let start = Array("OPTIONS sip:a@b SIP/2.0\r\nX: ".utf8)
    var units = StreamFramerTests.units([start], mutating: &framer)
    #expect(units.isEmpty && framer.isMidMessage)
    for _ in 0..<200 {
      units += StreamFramerTests.units([[UInt8](repeating: 65, count: 100)], mutating: &framer)
    }
    #expect(units.count == 1 && units.first?.hasPrefix("broken") == true)
    #expect(framer.held == 0 && !framer.isMidMessage)
  }

  @Test func aMessageUnderWayCanBeSeen() {
    var framer = StreamFramer()
    #expect(!framer.isMidMessage)
    _ = StreamFramerTests.units([Array(request().dropLast())], mutating: &framer)
    #expect(framer.isMidMessage)
    _ = StreamFramerTests.units([[10]], mutating: &framer)
    #expect(!framer.isMidMessage)
  }

  @Test func aFaultyMessageDoesNotEndTheStream() {
    let units = StreamFramerTests.units([request(replacing: ["To": nil]) + request()])
    #expect(units.first == "malformed 400 Missing To" && units.count == 2)
  }

  @Test func theLargestBodyPasses() {
    let body = String(repeating: "x", count: StreamFramer.bodyLimit)
    #expect(StreamFramerTests.units([request(body: body)]).count == 1)
  }
}
