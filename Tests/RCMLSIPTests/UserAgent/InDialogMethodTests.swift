import Foundation
import RCMLBasics
import RCMLSIP
import Testing

/// Twelve methods in fourteen states of a session: the answer is the one that is written here (failures T8).
@Suite struct InDialogMethodTests {
  static let methods = [
    "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "UPDATE", "PRACK", "REFER", "NOTIFY",
    "MESSAGE", "DANCE",
  ]

  /// The code for each method above; 0 = nothing is sent.
  static let rows: [(state: String, codes: [Int])] = [
    // Our call. CANCEL of these is of an INVITE that never was: 481. No dialog yet: 481.
    ("calling", [481, 0, 481, 481, 481, 481, 481, 481, 481, 481, 481, 481]),
    ("early", [491, 0, 200, 481, 200, 415, 491, 481, 405, 405, 405, 501]),
    ("cancelPending", [481, 0, 481, 481, 481, 481, 481, 481, 481, 481, 481, 481]),
    ("cancelling", [491, 0, 200, 481, 200, 415, 491, 481, 405, 405, 405, 501]),
    // re-INVITE and UPDATE wait for the call's word: nothing, or 100, is sent at once.
    ("confirmed", [0, 0, 200, 481, 200, 415, 0, 481, 405, 405, 405, 501]),
    ("offering", [491, 0, 200, 481, 200, 415, 491, 481, 405, 405, 405, 501]),
    ("ending", [491, 0, 200, 481, 200, 415, 491, 481, 405, 405, 405, 501]),
    ("ended", [481, 0, 481, 481, 481, 481, 481, 481, 481, 481, 481, 481]),
    // A caller's.
    ("ringing", [500, 0, 200, 481, 200, 415, 500, 481, 405, 405, 405, 501]),
    ("answered", [0, 0, 200, 481, 200, 415, 0, 481, 405, 405, 405, 501]),
    ("closing", [500, 0, 200, 481, 200, 415, 500, 481, 405, 405, 405, 501]),
    ("acknowledged", [0, 0, 200, 481, 200, 415, 0, 481, 405, 405, 405, 501]),
    ("hangingUp", [500, 0, 200, 481, 200, 415, 500, 481, 405, 405, 405, 501]),
    ("over", [481, 0, 481, 481, 481, 481, 481, 481, 481, 481, 481, 481]),
  ]

  /// A bench in that state, and what writes the next request of the peer.
  private func bench(in state: String) -> (Bench, (String) -> String) {
    let bench = Bench()
    if let step = Self.incomingSteps[state] { return (bench, incoming(bench, step)) }
    let id = bench.call()
    let invite = bench.sent[0]
    switch state {
    case "calling": break
    case "cancelPending": bench.end(id)
    case "early", "cancelling":
      bench.receive(bench.answer(invite, 180))
      if state == "cancelling" { bench.end(id) }
    default:
      bench.receive(bench.answer(invite, 200, body: "v=0\r\n"))
      if state == "offering" {
        bench.agent.offer(id, body: [1], at: bench.now)
        bench.drain()
      }
      if state == "ending" || state == "ended" { bench.end(id) }
      if state == "ended" { bench.receive(bench.answer(bench.sent[bench.sent.count - 1], 200)) }
    }
    return (
      bench,
      { method in
        bench.request(
          method, inDialogOf: invite, cseq: 7, branch: "z9hG4bKnew", extra: Self.padding,
          body: Self.body(method), type: method == "INFO" ? "text/plain" : "application/sdp")
      }
    )
  }

  private static let incomingSteps = [
    "ringing": 0, "answered": 1, "closing": 2, "acknowledged": 3, "hangingUp": 4, "over": 5,
  ]
  private static let padding = ["X-Padding: " + String(repeating: "x", count: 120)]

  private static func body(_ method: String) -> String {
    ["INVITE", "UPDATE", "INFO"].contains(method) ? "v=0\r\n" : ""
  }

  private func incoming(_ bench: Bench, _ step: Int) -> (String) -> String {
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n"))
    let id = bench.incoming[0].id
    bench.agent.ring(id, code: 180, body: [], at: bench.now)
    bench.drain()
    let tag = bench.sent[1].tag
    if step >= 1 { bench.agent.accept(id, body: [1], headers: [], at: bench.now) }
    if step == 2 { bench.end(id) }
    if step >= 3 { bench.receive(bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack")) }
    if step >= 4 { bench.end(id) }
    bench.drain()
    if step == 5 { bench.receive(bench.answer(bench.sent[bench.sent.count - 1], 200, contact: "")) }
    return { method in
      bench.callerRequest(
        method, toTag: tag, cseq: 7, branch: "z9hG4bKnew", extra: Self.padding,
        body: Self.body(method), type: method == "INFO" ? "text/plain" : "application/sdp")
    }
  }

  @Test func everyMethodInEveryStateGetsItsAnswer() {
    for row in Self.rows {
      for (method, code) in zip(Self.methods, row.codes) {
        let (bench, write) = bench(in: row.state)
        _ = bench.news()
        bench.receive(write(method))
        // The answer comes first; a 487 to the INVITE may follow it.
        let answer = bench.news().first { $0.code > 0 }
        #expect(answer?.code ?? 0 == code, "\(method) in \(row.state)")
        for event in bench.events where Bench.name(event.event) == "offered" {
          bench.agent.refuseOffer(event.id, code: 488, at: bench.now)
        }
        for session in Set(bench.events.map(\.id) + bench.incoming.map(\.id)) { bench.end(session) }
        bench.advance(.seconds(100))
        for session in Set(bench.events.map(\.id) + bench.incoming.map(\.id)) { bench.end(session) }
        bench.expectQuiet("\(method) in \(row.state)")
      }
    }
  }

  /// RFC 3261 §12.2.2.
  @Test func anOldCSeqGets500() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200))
    bench.receive(bench.request("OPTIONS", inDialogOf: invite, cseq: 5, branch: "z9hG4bKa"))
    bench.receive(
      bench.request(
        "OPTIONS", inDialogOf: invite, cseq: 4, branch: "z9hG4bKb", extra: Self.padding))
    #expect(bench.sent.suffix(2).map(\.code) == [200, 500])
  }

  /// U-25.
  @Test func digitsOfINFOAreTakenOnce() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200))
    let info = bench.request(
      "INFO", inDialogOf: invite, body: "Signal=5\r\nDuration=160\r\n",
      type: "application/dtmf-relay")
    bench.receive(info)
    bench.receive(info)
    #expect(bench.sent.suffix(2).map(\.short) == ["200 INFO", "200 INFO"])
    #expect(bench.eventNames == ["answered", "info"])
  }

  /// U-62: nothing that got 200 is dropped.
  @Test(arguments: [
    ("application/dtmf-relay", "Signal=hookflash\r\n"), ("application/dtmf-relay", "\r\n"),
    ("application/dtmf", "flash"),
  ])
  func whatIsNoKeyGets400WhereNobodyIsJoined(type: String, body: String) {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200))
    bench.receive(bench.request("INFO", inDialogOf: invite, body: body, type: type))
    #expect(bench.sent.last?.short == "400 INFO")
    #expect(bench.eventNames == ["answered"])
  }
}
