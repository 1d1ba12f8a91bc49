import Foundation
import RCMLBasics
import RCMLSIP
import Testing

/// Requests that are refused without a session (RFC 3261 §8.2, §12.2.2, spec Q-24).
@Suite struct RefusalTests {
  private func answer(_ text: String, _ bench: Bench = Bench()) -> Bench.Sent? {
    bench.receive(text)
    #expect(bench.incoming.isEmpty)
    #expect(bench.agent.census.transactions == 0)
    return bench.news().last
  }

  @Test func registerAndItsKindGet405WithAllow() {
    for method in ["REGISTER", "SUBSCRIBE", "NOTIFY", "REFER", "MESSAGE", "PUBLISH"] {
      let bench = Bench()
      let padding = ["X-Padding: " + String(repeating: "x", count: 100)]
      let sent = answer(bench.callerRequest(method, extra: padding), bench)
      #expect(sent?.code == 405, "\(method)")
      #expect(sent?.header("Allow").contains("INVITE") == true, "\(method)")
    }
  }

  @Test func requestsOfNoSessionGet481() {
    for method in ["BYE", "INFO", "UPDATE", "PRACK", "CANCEL"] {
      let bench = Bench()
      #expect(answer(bench.callerRequest(method), bench)?.code == 481, "\(method)")
    }
    for method in ["BYE", "INVITE", "OPTIONS", "INFO", "MESSAGE"] {
      let bench = Bench()
      #expect(answer(bench.callerRequest(method, toTag: "nobody"), bench)?.code == 481, "\(method)")
    }
  }

  @Test func unknownMethodSchemeExtensionAndBody() {
    let bench = Bench()
    #expect(answer(bench.callerRequest("DANCE"), bench)?.code == 501)
    let tel = bench.callerRequest("OPTIONS", branch: "z9hG4bK2", uri: "tel:+15551234")
    #expect(answer(tel, bench)?.code == 416)
    let reliable = bench.callerRequest(
      "INVITE", branch: "z9hG4bK3", extra: ["Require: 100rel, x-one", "Require: other"])
    let refusal = answer(reliable, bench)
    #expect(refusal?.code == 420)
    #expect(refusal?.headers("Unsupported") == ["x-one", "other"])
    let invite = bench.callerRequest(
      "INVITE", branch: "z9hG4bK4", extra: ["X-Pad: long enough for the answer"], body: "<a/>",
      type: "text/xml")
    #expect(answer(invite, bench)?.code == 415)
  }

  @Test func versionAndBrokenFieldsAreNamed() {
    let bench = Bench()
    let old = bench.callerRequest("OPTIONS").replacing("SIP/2.0\r\nVia", with: "SIP/3.0\r\nVia")
    #expect(answer(old, bench)?.code == 505)
    let bad = bench.callerRequest("OPTIONS").replacing("CSeq: 1", with: "CSeq: 99999999999")
    let refusal = answer(bad, bench)
    #expect(refusal?.code == 400)
    #expect(refusal?.startLine != "SIP/2.0 400 Bad Request")
  }

  /// The same request gets the same octets again (RFC 3261 §8.2.7), and an ACK finds nothing.
  @Test func refusalsKeepNoState() {
    let bench = Bench()
    let text = bench.callerRequest("INVITE", extra: ["Require: x-other"])
    bench.receive(text)
    bench.receive(text)
    #expect(bench.sent.count == 2 && bench.sent[0].bytes == bench.sent[1].bytes)
    bench.receive(bench.callerRequest("ACK", toTag: bench.sent[0].tag))
    #expect(bench.sent.count == 2)
    #expect(bench.agent.census == UserAgent.Census())
  }

  /// RFC 3261 §8.2.2.2.
  @Test func inviteThatCameByTwoWaysGets482() {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n"))
    bench.receive(bench.callerRequest("INVITE", branch: "z9hG4bKother", body: "v=0\r\n"))
    #expect(bench.sent.map(\.code) == [100, 482])
    #expect(bench.incoming.count == 1)
  }

  /// Spec Q-6.
  @Test func drainingRefusesNewCallsOnly() {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n"))
    bench.agent.drain()
    bench.receive(
      bench.callerRequest(
        "INVITE", branch: "z9hG4bKlate", callID: "another", body: "v=0\r\n"))
    #expect(bench.sent.last?.code == 503)
    #expect(bench.sent.last?.header("Retry-After").isEmpty == false)
    bench.agent.ring(bench.incoming[0].id, code: 180, body: [], at: bench.now)
    bench.drain()
    #expect(bench.sent.last?.code == 180)
  }

  /// RFC 3261 §11.2.
  @Test func optionsIsAnsweredWithoutState() {
    let bench = Bench()
    let sent = answer(
      bench.callerRequest("OPTIONS", extra: ["X-Pad: " + String(repeating: "p", count: 120)]), bench
    )
    #expect(sent?.code == 200)
    #expect(sent?.header("Accept") == "application/sdp, multipart/mixed")
  }

  /// Failures A6: never more octets out than came in before a call is accepted, whatever the request.
  @Test func refusalsAreNeverLargerThanTheRequest() {
    let texts = [
      "OPTIONS sip:a SIP/2.0\r\nv:SIP/2.0/UDP h;branch=z9hG4bKa\r\nf:<sip:a>;tag=1\r\nt:<sip:a>\r\n"
        + "i:1\r\nCSeq:1 OPTIONS\r\n\r\n",
      "REGISTER sip:a SIP/2.0\r\nv:SIP/2.0/UDP h;branch=z9hG4bKa;rport\r\nf:<sip:a>;tag=1\r\n"
        + "t:<sip:a>\r\ni:1\r\nCSeq:1 REGISTER\r\n\r\n",
      "BYE sip:a SIP/2.0\r\nv:SIP/2.0/UDP h;branch=z9hG4bKa;rport\r\nf:<sip:a>;tag=1\r\n"
        + "t:<sip:a>\r\ni:1\r\nCSeq:1 BYE\r\n\r\n",
      "INVITE sip:a SIP/9.0\r\nv:SIP/2.0/UDP h;branch=z9hG4bKa\r\n\r\n",
    ]
    for text in texts {
      let bench = Bench()
      bench.receive(text)
      let octets = bench.sent.reduce(0) { $0 + $1.bytes.count }
      #expect(octets <= text.utf8.count, "\(text.prefix(10)): \(octets) for \(text.utf8.count)")
    }
  }

  /// Failures T8: tags and branches cannot be guessed.
  @Test func blindGuessesOfTagsHitNothing() {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n"))
    bench.agent.accept(bench.incoming[0].id, body: [], headers: [], at: bench.now)
    bench.drain()
    let tag = bench.sent.last?.tag ?? ""
    for position in 0..<32 {
      var guess = Array(tag.utf8)
      guess[position] = guess[position] == 48 ? 49 : 48
      let text = String(decoding: guess, as: UTF8.self)
      bench.receive(
        bench.callerRequest("BYE", toTag: text, cseq: 2, branch: "z9hG4bKguess\(position)"))
      #expect(bench.sent.last?.code == 481)
    }
    #expect(bench.eventNames.isEmpty)
  }
}
