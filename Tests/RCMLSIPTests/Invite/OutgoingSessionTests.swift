import Foundation
import RCMLBasics
import RCMLSIP
import Testing

/// INVITE sessions we open, against a scripted peer (spec §5.2, F-6…F-9).
@Suite struct OutgoingSessionTests {
  /// RFC 3261 §17.1.1.2, failures T1: 7 datagrams, all alike, at 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s; 32 s: the end.
  @Test func unansweredInviteIsSentSevenTimesAndFailsAfter32Seconds() {
    let bench = Bench()
    _ = bench.call()
    bench.advance(.milliseconds(31_999))
    #expect(bench.eventNames.isEmpty)
    bench.advance(.seconds(10))
    #expect(
      bench.sent.map { ($0.at - bench.start).wholeMilliseconds } == [
        0, 500, 1500, 3500, 7500, 15500, 31500,
      ])
    #expect(Set(bench.sent.map(\.bytes)).count == 1)
    #expect(bench.eventNames == ["failed", "ended"])
    bench.expectQuiet()
  }

  @Test func callIsAnsweredAcknowledgedAndHungUp() {
    let bench = Bench()
    let id = bench.call(headers: [HeaderLine("X-Color", Array("blue".utf8))])
    let invite = bench.sent[0]
    #expect(invite.startLine == "INVITE sip:bob@10.0.0.2 SIP/2.0")
    #expect(invite.header("X-Color") == "blue")
    #expect(invite.header("Contact") == "<sip:10.0.0.1:5060>")
    bench.receive(bench.answer(invite, 100, tag: "", contact: ""))
    bench.receive(bench.answer(invite, 180))
    bench.receive(bench.answer(invite, 200, body: "v=0\r\n"))
    #expect(bench.eventNames == ["provisional", "provisional", "answered"])
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK"])
    #expect(bench.sent[1].header("CSeq") == "1 ACK")
    #expect(bench.sent[1].header("X-Color") == "")
    bench.end(id, reasons: ["Q.850;cause=16"])
    let bye = bench.sent[2]
    #expect(bye.method == "BYE" && bye.header("CSeq") == "2 BYE")
    #expect(bye.header("Reason") == "Q.850;cause=16")
    #expect(bye.tag == "bob")
    #expect(bench.eventNames.last == "answered")
    bench.receive(bench.answer(bye, 200))
    #expect(bench.eventNames.last == "ended")
    bench.expectQuiet()
  }

  /// F-7, RFC 3261 §9.1.
  @Test func cancelBeforeAnyProvisionalIsHeldBack() {
    let bench = Bench()
    let id = bench.call()
    let invite = bench.sent[0]
    bench.end(id, reasons: ["SIP;cause=200;text=\"Call completed elsewhere\""])
    bench.advance(.seconds(1))
    #expect(bench.sent.map(\.short) == ["INVITE", "INVITE"])
    bench.receive(bench.answer(invite, 100, tag: "", contact: ""))
    let cancel = bench.sent[2]
    #expect(cancel.method == "CANCEL")
    #expect(cancel.header("Via") == invite.header("Via"))
    #expect(cancel.header("CSeq") == "1 CANCEL")
    #expect(cancel.header("Reason") == "SIP;cause=200;text=\"Call completed elsewhere\"")
    bench.receive(bench.answer(cancel, 200))
    bench.receive(bench.answer(invite, 487))
    #expect(bench.sent[3].method == "ACK")
    #expect(bench.sent[3].header("Via") == invite.header("Via"))
    #expect(bench.eventNames == ["rejected", "ended"])
    bench.expectQuiet()
  }

  @Test func noCancelIsSentAfterAFinalResponse() {
    let bench = Bench()
    let id = bench.call()
    bench.end(id)
    bench.receive(bench.answer(bench.sent[0], 486))
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK"])
    bench.end(id)
    bench.expectQuiet()
    #expect(!bench.sent.contains { $0.method == "CANCEL" })
    #expect(bench.eventNames == ["rejected", "ended"])
  }

  /// L-20.
  @Test func twoHundredAfterCancelIsAcknowledgedAndHungUp() {
    let bench = Bench()
    let id = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 180))
    bench.end(id, reasons: ["SIP;cause=200"])
    #expect(bench.sent.last?.method == "CANCEL")
    bench.receive(bench.answer(invite, 200))
    #expect(bench.sent.map(\.short) == ["INVITE", "CANCEL", "ACK", "BYE"])
    #expect(bench.sent[3].header("Reason") == "SIP;cause=200")
    #expect(!bench.eventNames.contains("answered"))
    bench.receive(bench.answer(bench.sent[3], 200))
    #expect(bench.eventNames == ["provisional", "answeredTooLate", "ended"])
    bench.expectQuiet()
  }

  /// L-20 with F-7: the 2xx overtakes every provisional response.
  @Test func twoHundredForAHeldCancelIsAcknowledgedAndHungUp() {
    let bench = Bench()
    let id = bench.call()
    bench.end(id)
    bench.receive(bench.answer(bench.sent[0], 200))
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK", "BYE"])
    bench.receive(bench.answer(bench.sent[2], 200))
    #expect(bench.eventNames == ["answeredTooLate", "ended"])
    bench.expectQuiet()
  }

  /// F-6, I-S4: for 64·T1, also after the BYE.
  @Test func repeatedTwoHundredAfterByeIsAcknowledged() {
    let bench = Bench()
    let id = bench.call()
    let invite = bench.sent[0]
    let answer = bench.answer(invite, 200)
    bench.receive(answer)
    let ack = bench.sent[1]
    bench.end(id)
    bench.receive(bench.answer(bench.sent[2], 200))
    #expect(bench.eventNames.last == "ended")
    bench.advance(.seconds(20))
    bench.receive(answer)
    #expect(bench.sent.last?.bytes == ack.bytes)
    bench.expectQuiet()
    let count = bench.sent.count
    bench.receive(answer)  // timer M is over: nobody knows it any more
    #expect(bench.sent.count == count)
  }

  /// F-9, I-S4: its own tag, its own route set.
  @Test func lateForkIsAcknowledgedAndHungUpWithItsOwnTag() {
    let bench = Bench()
    let id = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 180, tag: "one"))
    bench.receive(bench.answer(invite, 180, tag: "two"))
    bench.receive(bench.answer(invite, 200, tag: "one"))
    bench.receive(
      bench.answer(
        invite, 200, tag: "two", contact: "<sip:two@10.0.0.3>",
        extra: ["Record-Route: <sip:10.0.0.4;lr>"]))
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK", "ACK", "BYE"])
    #expect(bench.sent[2].tag == "two" && bench.sent[3].tag == "two")
    #expect(bench.sent[2].header("Route") == "<sip:10.0.0.4;lr>")
    #expect(bench.sent[3].startLine == "BYE sip:two@10.0.0.3 SIP/2.0")
    #expect(bench.sent[3].to == SocketAddress(ipv4: 0x0A00_0004, port: 5060))
    #expect(bench.eventNames.filter { $0 == "answered" }.count == 1)
    bench.receive(bench.answer(bench.sent[3], 200))
    #expect(!bench.eventNames.contains("ended"))
    bench.end(id)
    #expect(bench.sent.last?.tag == "one")
    bench.receive(bench.answer(bench.sent[4], 200))
    bench.expectQuiet()
  }

  @Test func peerHangsUpWithReasonAndHeaders() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200))
    bench.receive(
      bench.request("BYE", inDialogOf: invite, extra: ["Reason: Q.850;cause=16", "X-A: b"]))
    #expect(bench.sent.last?.short == "200 BYE")
    #expect(bench.eventNames == ["answered", "hungUp", "ended"])
    guard case .hungUp(let reasons, let headers) = bench.events[1].event else { return }
    #expect(reasons == [Array("Q.850;cause=16".utf8)])
    #expect(headers.count == 1)
    bench.expectQuiet()
  }

  /// F-6: the 2xx of the INVITE comes again after a re-INVITE, and after the BYE.
  @Test func aRepeated2xxIsAcknowledgedAlsoAfterAReINVITEAndTheBye() {
    let bench = Bench()
    let id = bench.call()
    let invite = bench.sent[0]
    let answer = bench.answer(invite, 200, body: "v=0\r\n")
    bench.receive(answer)
    bench.agent.offer(id, body: Array("v=0\r\n".utf8), at: bench.now)
    bench.drain()
    bench.receive(bench.answer(bench.sent[2], 200, body: "v=0\r\n"))
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK", "INVITE", "ACK"])
    bench.receive(answer)
    #expect(bench.sent[4].bytes == bench.sent[1].bytes)
    bench.receive(bench.request("BYE", inDialogOf: invite))
    bench.receive(answer)
    #expect(bench.sent[6].bytes == bench.sent[1].bytes)
    bench.expectQuiet()
  }

  /// Spec §18.7, race 20: the callee's BYE overtakes its 200. Nobody would ever end this call.
  @Test func aByeThatOvertakesIts200EndsTheLegAsSoonAsItIsAnswered() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 180))
    bench.receive(bench.request("BYE", inDialogOf: invite))
    #expect(bench.sent.map(\.short) == ["INVITE", "200 BYE"])
    #expect(bench.eventNames == ["provisional"])
    bench.receive(bench.answer(invite, 200, body: "v=0\r\n"))
    #expect(bench.sent.map(\.short) == ["INVITE", "200 BYE", "ACK"])
    #expect(bench.eventNames == ["provisional", "answered", "hungUp", "ended"])
    bench.expectQuiet()
  }

  /// An answer that arrives in the instant of a repetition makes the repetition needless.
  @Test func anAnswerBeatsTheRepetitionOfTheSameInstant() {
    let bench = Bench()
    _ = bench.call()
    bench.now = bench.now + .milliseconds(500)
    bench.receive(bench.answer(bench.sent[0], 486))
    bench.expectQuiet()
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK"])
  }

  @Test func byesThatCrossBothGet200() {
    let bench = Bench()
    let id = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200))
    bench.end(id)
    bench.receive(bench.request("BYE", inDialogOf: invite))
    #expect(bench.sent.last?.short == "200 BYE")
    #expect(bench.eventNames == ["answered"])
    bench.receive(bench.answer(bench.sent[2], 481))
    #expect(bench.eventNames == ["answered", "ended"])
    bench.expectQuiet()
  }

  /// L-28, failures T1: other requests are sent 11 times.
  @Test func unansweredByeIsSentElevenTimesAndTheSessionEnds() {
    let bench = Bench()
    let id = bench.call()
    bench.receive(bench.answer(bench.sent[0], 200))
    bench.end(id)
    bench.advance(.seconds(33))
    let byes = bench.sent.filter { $0.method == "BYE" }
    #expect(byes.count == 11)
    #expect(Set(byes.map(\.bytes)).count == 1)
    #expect(bench.eventNames == ["answered", "ended"])
    bench.expectQuiet()
  }

  /// RFC 3261 §9.1: 64·T1 after the CANCEL.
  @Test func inviteIsGivenUpWhenACancelIsNeverFollowedByAFinalResponse() {
    let bench = Bench()
    let id = bench.call()
    bench.receive(bench.answer(bench.sent[0], 180))
    bench.end(id)
    bench.receive(bench.answer(bench.sent[1], 200))
    bench.advance(.seconds(33))
    #expect(bench.eventNames == ["provisional", "failed", "ended"])
    bench.expectQuiet()
  }

  @Test func rejectionIsAcknowledgedEachTimeItIsRepeated() {
    let bench = Bench()
    _ = bench.call()
    let busy = bench.answer(bench.sent[0], 486, extra: ["X-Why: on the phone"])
    bench.receive(busy)
    bench.receive(busy)
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK", "ACK"])
    #expect(bench.sent[1].bytes == bench.sent[2].bytes)
    #expect(bench.eventNames == ["rejected", "ended"])
    bench.expectQuiet()
  }

  /// RFC 3261 §12.2.1.1: a first route without lr is a strict router.
  @Test func strictRouterGetsItsOwnURIAndTheTargetLast() {
    let bench = Bench()
    _ = bench.call()
    bench.receive(
      bench.answer(
        bench.sent[0], 200, extra: ["Record-Route: <sip:10.0.0.9;lr>, <sip:10.0.0.8>"]))
    let ack = bench.sent[1]
    #expect(ack.startLine == "ACK sip:10.0.0.8 SIP/2.0")
    #expect(ack.headers("Route") == ["<sip:10.0.0.9;lr>", "<sip:bob@10.0.0.2>"])
    #expect(ack.to == SocketAddress(ipv4: 0x0A00_0008, port: 5060))
  }
}
