import RCMLBasics
import Testing

@testable import RCMLAgent

/// What a ladder says of one message, and how messages are cut out of streams.
struct LadderMessageTests {
  private func labels(_ lines: String...) -> [String]? {
    LadderMessage(Array(lines.joined(separator: "\r\n").utf8))?.labels
  }

  @Test func aMessageIsNamedFromTheLongestWayToTheShortest() {
    #expect(
      labels(
        "INVITE sip:a@b SIP/2.0", "i: x", "CSeq: 7 INVITE", "c: application/sdp", "", "v=0")
        == ["INVITE 7 sdp", "INVITE sdp", "INVITE"])
    #expect(
      labels("SIP/2.0 200 Fine", "CSeq: 2 BYE", "", "")
        == ["200 Fine (BYE)", "200 (BYE)", "200 (BYE)", "200"])
    #expect(
      labels("SIP/2.0 180 Ringing", "CSeq: 1 INVITE", "", "")
        == ["180 Ringing", "180", "180", "180"])
  }

  /// One that gets 400, and responses that are dropped without a word.
  @Test func whatTheAgentRefusesIsDrawnAllTheSame() {
    #expect(
      labels("OPTIONS sip:a@b SIP/2.0", "Call-ID: x", "CSeq: 7 INVITE", "", "")?.first
        == "OPTIONS 7")
    #expect(labels("INVITE sip:a@b SIP/3.0", "CSeq: 1 INVITE", "", "")?.first == "INVITE 1")
    #expect(
      labels("SIP/2.0 200 OK", "CSeq: 1 INVITE", "CSeq: 1 INVITE", "", "")?.first == "200 OK")
    #expect(
      LadderMessage(Array("BYE sip:a@b SIP/2.0\r\nCall-ID: x\r\n\r\n".utf8))?.callID
        == Array("x".utf8))
  }

  @Test(arguments: ["", "\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "hello\r\n", "SIP/2.0 99 No\r\n\r\n"])
  func whatIsNoMessageIsNotDrawn(text: String) {
    #expect(LadderMessage(Array(text.utf8)) == nil)
  }

  @Test func messagesAreCutOutOfAStreamHoweverTheyCome() {
    let one = "BYE sip:a@b SIP/2.0\r\nContent-Length: 3\r\n\r\nabc"
    let other = "SIP/2.0 200 OK\r\nl: 0\r\n\r\n"
    let octets = Array((one + "\r\n\r\n" + other + "\r\n" + one).utf8)
    for size in [1, 7, octets.count] {
      var streams = StreamMessages()
      var found: [String] = []
      for start in stride(from: 0, to: octets.count, by: size) {
        let piece = Array(octets[start..<min(octets.count, start + size)])
        for whole in streams.take(ConnectionID(1), piece, isSent: false) {
          found.append(String(decoding: whole, as: UTF8.self))
        }
      }
      #expect(found == [one, other, one])
    }
  }

  /// Nobody knows where the next one begins: the agent closes the connection.
  @Test func aMessageWithoutALengthIsTheLastOneOfItsStream() {
    var streams = StreamMessages()
    let text = "BYE sip:a@b SIP/2.0\r\nCall-ID: x\r\n\r\n"
    let found = streams.take(ConnectionID(1), Array((text + text).utf8), isSent: false)
    #expect(found == [Array((text + text).utf8)])
    #expect(streams.take(ConnectionID(1), Array(text.utf8), isSent: false).isEmpty)
  }
}
