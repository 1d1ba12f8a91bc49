import Foundation
import RCMLBasics
import Testing

@testable import RCMLSIP

/// Octets out for octets in, to a source that has not shown that it hears us (spec Q-24, Y-8, failures A6).
@Suite struct AmplificationTests {
  static let description = """
    v=0\r
    o=c 1 1 IN IP4 10.0.0.2\r
    s=-\r
    c=IN IP4 10.0.0.2\r
    t=0 0\r
    m=audio 4000 RTP/AVP 0 8 101\r
    a=rtpmap:101 telephone-event/8000\r

    """

  /// What one datagram brings to its source within two minutes, as a multiple of itself.
  func factor(_ bench: Bench, of text: String, _ play: (Bench) -> Void = { _ in }) -> Double {
    bench.receive(text)
    play(bench)
    bench.advance(.seconds(120))
    let octets = bench.sent.reduce(0) { $0 + $1.bytes.count }
    return Double(octets) / Double(text.utf8.count)
  }

  static let kinds: [String] = [
    "OPTIONS", "REGISTER", "SUBSCRIBE", "NOTIFY", "REFER", "MESSAGE", "PUBLISH", "BYE", "INFO",
    "UPDATE", "PRACK", "CANCEL", "ACK", "DANCE",
  ]

  @Test(arguments: kinds) func nothingButACallIsWorthMoreThanItIsLong(kind: String) {
    // [Q-24]
    let bench = Bench()
    #expect(factor(bench, of: bench.callerRequest(kind)) <= 1)
    let inDialog = Bench()
    #expect(factor(inDialog, of: inDialog.callerRequest(kind, toTag: "nobody")) <= 1)
    let short = Bench()
    #expect(factor(short, of: minimal(kind)) <= 1)
  }

  /// No header that a request could do without.
  func minimal(_ method: String, _ extra: String = "") -> String {
    "\(method) sip:a@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKm\r\n"
      + "From: <sip:c@10.0.0.2>;tag=c\r\nTo: <sip:a@10.0.0.1>\r\nCall-ID: m\r\n"
      + "CSeq: 1 \(method)\r\n\(extra)\r\n"
  }

  @Test func aShortRequestGetsAShortAnswer() {
    // N12 of the attacks: nothing was said to these.
    for kind in ["OPTIONS", "REGISTER", "BYE", "MESSAGE", "DANCE"] {
      let bench = Bench()
      bench.receive(minimal(kind))
      #expect(bench.news().count == 1, "\(kind)")
    }
    // Where no answer is short enough, somebody is told so.
    let bench = Bench()
    bench.receive(
      "OPTIONS sip:a SIP/2.0\r\nv:SIP/2.0/UDP x;rport;branch=z9hG4bKm\r\nf:<sip:c>;tag=c\r\n"
        + "t:<sip:a>\r\ni:m\r\nCSeq:1 OPTIONS\r\n\r\n")
    #expect(bench.news().isEmpty && bench.refused == [200])
  }

  @Test func anInviteWithoutContactIsNoCall() {
    let bench = Bench()
    bench.receive(minimal("INVITE", "Content-Length: 0\r\n"))
    #expect(bench.incoming.isEmpty)
    #expect(bench.news().map(\.code) == [400])
    #expect(bench.agent.census.sessions == 0)
  }

  @Test func aChallengeIsAtMostTwiceWhatAskedForIt() {
    let text = minimal("INVITE", "Contact: <sip:c@10.0.0.2>\r\n")
    let bench = Bench { $0.requireAuth = Private("alice:secret") }
    bench.receive(text)
    let sent = bench.news()
    #expect(sent.map(\.code) == [401])
    #expect(sent.allSatisfy { $0.bytes.count <= 2 * text.utf8.count })
  }

  func invite(_ bench: Bench, _ extra: [String] = []) -> String {
    bench.callerRequest("INVITE", extra: extra, body: Self.description)
  }

  @Test(arguments: [486, 603, 503, 408, 480, 302]) func aRefusalIsNotRepeatedWithoutEnd(code: Int) {
    // [Y-8]
    let bench = Bench()
    let factor = factor(bench, of: invite(bench)) { bench in
      guard let call = bench.incoming.first else { return }
      bench.agent.ring(call.id, code: 180, body: [], at: bench.now)
      bench.agent.reject(call.id, code: UInt16(code), phrase: [], headers: [], at: bench.now)
      bench.drain()
    }
    // It was 7.5 when it was repeated as the RFC says.
    #expect(factor <= 3.1)
    // It is said again all the same: a datagram may be lost.
    #expect(bench.sent.filter { $0.code == code }.count >= 2)
  }

  /// Y-8 lets the first 200 and its repetitions out: a call that was taken is not lost with a few packets.
  @Test func anAnswerIsRepeatedAsTheRFCSays() {
    let bench = Bench()
    _ = factor(bench, of: invite(bench)) { bench in
      guard let call = bench.incoming.first else { return }
      bench.agent.accept(
        call.id, body: Array(Self.description.utf8), headers: [], at: bench.now)
      bench.drain()
    }
    #expect(bench.sent.filter { $0.short == "200 INVITE" }.count == 11)
    #expect(bench.eventNames.contains("acknowledgementMissing"))
  }

  @Test func whoRepeatsTheInviteEarnsMore() {
    let bench = Bench()
    let text = invite(bench)
    bench.receive(text)
    guard let call = bench.incoming.first else { return }
    bench.agent.reject(call.id, code: 486, phrase: [], headers: [], at: bench.now)
    bench.drain()
    for _ in 0..<6 {
      bench.advance(.seconds(4))
      bench.receive(text)
    }
    bench.advance(.seconds(60))
    #expect(bench.sent.filter { $0.code == 486 }.count >= 8)
    let octets = bench.sent.reduce(0) { $0 + $1.bytes.count }
    #expect(octets <= 2 * 7 * text.utf8.count)
  }

  @Test func whatWasOnceTooMuchIsNotSaidLaterOutOfItsTurn() {
    let bench = Bench()
    let text = bench.callerRequest("INVITE", body: "v=0\r\n")
    bench.receive(text)
    guard let call = bench.incoming.first else { return }
    bench.agent.reject(call.id, code: 486, phrase: [], headers: [], at: bench.now)
    bench.drain()
    // Two repetitions, and the third was too much.
    bench.advance(.milliseconds(5_500))
    let before = bench.sent.filter { $0.code == 486 }.count
    #expect(before == 3)
    for _ in 0..<3 { bench.receive(text) }
    let echoes = bench.sent.filter { $0.code == 486 }.count - before
    bench.advance(.seconds(60))
    #expect(bench.sent.filter { $0.code == 486 }.count == before + echoes)
  }

  @Test func whoHearsUsIsToldAsOftenAsTheRFCSays() throws {
    // A PRACK proves it.
    let bench = Bench()
    bench.receive(invite(bench, ["Supported: 100rel"]))
    let call = try #require(bench.incoming.first)
    bench.agent.ring(
      call.id, code: 183, body: Array(Self.description.utf8), at: bench.now)
    bench.drain()
    let ringing = try #require(bench.sent.last)
    bench.receive(
      bench.callerRequest(
        "PRACK", toTag: ringing.tag, cseq: 2, branch: "z9hG4bKp",
        extra: ["RAck: \(ringing.header("RSeq")) 1 INVITE"]))
    bench.agent.reject(call.id, code: 486, phrase: [], headers: [], at: bench.now)
    bench.drain()
    bench.advance(.seconds(60))
    #expect(bench.sent.filter { $0.code == 486 }.count == 11)
  }

  @Test func overTCPNothingIsCounted() {
    let bench = Bench()
    bench.agent.streamAccepted(
      ConnectionID(2), on: Bench.tcp, local: Bench.local, remote: Bench.peer, at: bench.now)
    bench.receive(
      bench.callerRequest("INVITE", body: Self.description, transport: "TCP"), on: ConnectionID(2))
    guard let call = bench.incoming.first else { return }
    bench.agent.accept(call.id, body: Array(Self.description.utf8), headers: [], at: bench.now)
    bench.drain()
    bench.advance(.seconds(33))
    #expect(bench.sent.filter { $0.short == "200 INVITE" }.count == 11)
  }
}
