import RCMLBasics
import Testing

@testable import RCMLRehearsal

/// What a scripted phone reads of the agent's messages, and what it answers.
@Suite struct PhoneMessageTests {
  private let invite =
    "INVITE sip:alice@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
    + "Max-Forwards: 70\r\nFrom: <sip:a@192.0.2.1>;tag=x\r\nTo: <sip:alice@192.0.2.9>\r\n"
    + "Call-ID: one\r\nCSeq: 7 INVITE\r\nContact: <sip:192.0.2.1:5060>;x=y\r\n"
    + "X-PBX-ParentCallSid: CA1\r\nX-PBX-CallSid: CA2\r\nContent-Length: 0\r\n\r\n"

  @Test func theNamesOfACallAndTheWayBackAreRead() throws {
    let message = try #require(PhoneMessage(Array(invite.utf8), over: .udp))
    #expect(!message.isResponse && message.method == .invite && message.code == 0)
    #expect(message.callID == Array("one".utf8) && message.cseq == 7 && !message.hasToTag)
    #expect(message.sid == "CA2")
    #expect(message.contact == "sip:192.0.2.1:5060")
  }

  @Test func aResponseRepeatsWhatItMustAndHasATag() throws {
    let message = try #require(PhoneMessage(Array(invite.utf8), over: .udp))
    let octets = PhoneMessage.finish(message.response(180, tag: "phone1"))
    #expect(
      String(decoding: octets, as: UTF8.self)
        == "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
        + "From: <sip:a@192.0.2.1>;tag=x\r\nTo: <sip:alice@192.0.2.9>;tag=phone1\r\n"
        + "Call-ID: one\r\nCSeq: 7 INVITE\r\nContent-Length: 0\r\n\r\n")
    let answer = try #require(PhoneMessage(octets, over: .udp))
    #expect(answer.isResponse && answer.code == 180 && answer.hasToTag && answer.method == .invite)
    #expect(!message.response(100, tag: "phone1").contains("tag=phone1"))
  }

  @Test func octetsThatAreNoMessageAreNone() {
    #expect(PhoneMessage(Array("\r\n\r\n".utf8), over: .udp) == nil)
    #expect(PhoneMessage(Array("hello".utf8), over: .udp) == nil)
  }
}
