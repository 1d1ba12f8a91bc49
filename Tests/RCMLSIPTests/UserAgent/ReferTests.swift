import RCMLBasics
import Testing

@testable import RCMLSIP

/// REFER inside a session (RFC 3515, spec U-40).
@Suite struct ReferTests {
  private func connected(taking: Bool = true) -> (Bench, Bench.Sent, SessionID) {
    let bench = Bench()
    let id = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200, body: "v=0\r\n"))
    if taking { bench.agent.takeRefer(id, true) }
    _ = bench.news()
    return (bench, invite, id)
  }

  private func refer(_ bench: Bench, _ invite: Bench.Sent, _ to: [String], cseq: Int = 1) {
    bench.receive(
      bench.request(
        "REFER", inDialogOf: invite, cseq: cseq, branch: "z9hG4bKr\(cseq)", extra: to))
  }

  @Test func nobodyIsReferredUnlessSomebodySaidSo() {
    let (bench, invite, _) = connected(taking: false)
    refer(bench, invite, ["Refer-To: <sip:carol@h>"])
    let reply = bench.news()
    #expect(reply.map(\.short) == ["405 REFER"])
    #expect(!reply[0].header("Allow").contains("REFER"))
  }

  @Test func whoRefersHearsThatItIsTriedAndWhatItCameTo() {
    let (bench, invite, id) = connected()
    refer(bench, invite, ["Refer-To: \"Carol\" <sip:carol@h;x=1>"])
    let first = bench.news()
    #expect(first.map(\.short) == ["202 REFER", "NOTIFY"])
    #expect(first[1].header("Event") == "refer;id=1")
    #expect(first[1].header("Subscription-State") == "active;expires=60")
    #expect(first[1].header("Content-Type") == "message/sipfrag;version=2.0")
    #expect(first[1].text.hasSuffix("\r\n\r\nSIP/2.0 100 Trying\r\n"))
    guard case .referred(let target)? = bench.events.last?.event else {
      Issue.record("nobody was told")
      return
    }
    #expect(target == Array("sip:carol@h;x=1".utf8))
    bench.receive(bench.answer(first[1], 200))
    bench.agent.referFinished(id, code: 200, at: bench.now)
    bench.drain()
    let last = bench.news()
    #expect(last.map { $0.header("CSeq") } == ["3 NOTIFY"])
    #expect(last[0].header("Subscription-State") == "terminated;reason=noresource")
    #expect(last[0].text.hasSuffix("\r\n\r\nSIP/2.0 200 OK\r\n"))
    bench.receive(bench.answer(last[0], 200))
    // Told once.
    bench.agent.referFinished(id, code: 200, at: bench.now)
    bench.drain()
    #expect(bench.news().isEmpty)
    bench.end(id)
    bench.receive(bench.answer(bench.news()[0], 200))
    bench.expectQuiet()
  }

  @Test(arguments: [[], ["Refer-To: <mailto:a@b>"], ["Refer-To: "], ["Refer-To: <sip:>"]])
  func withoutAUsableReferToItIsRefused(to: [String]) {
    let (bench, invite, _) = connected()
    refer(bench, invite, to)
    #expect(bench.news().map(\.short) == ["400 REFER"])
    #expect(bench.eventNames == ["answered"])
  }

  @Test func aSecondReferWaits() {
    let (bench, invite, _) = connected()
    refer(bench, invite, ["Refer-To: <sip:carol@h>"])
    _ = bench.news()
    refer(bench, invite, ["Refer-To: <sip:dave@h>"], cseq: 2)
    #expect(bench.news().map(\.short) == ["491 REFER"])
  }

  @Test func anEndedSessionOwesNoNotify() {
    let (bench, invite, id) = connected()
    refer(bench, invite, ["Refer-To: <sip:carol@h>"])
    bench.receive(bench.request("BYE", inDialogOf: invite, cseq: 2, branch: "z9hG4bKb"))
    _ = bench.news()
    bench.agent.referFinished(id, code: 200, at: bench.now)
    bench.drain()
    #expect(bench.news().isEmpty)
    bench.expectQuiet()
  }
}
