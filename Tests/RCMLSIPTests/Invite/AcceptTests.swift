import RCMLBasics
import Testing

@testable import RCMLSIP

/// INVITEs that do not take a session description for an answer. // U-57
@Suite struct AcceptTests {
  private let sdp = "v=0\r\n"

  static let admitted = [
    ["Accept: application/sdp"], ["Accept: text/html, Application/SDP;level=1"], ["Accept: */*"],
    ["Accept: application/*"], ["Accept: text/plain", "Accept: application/sdp"], [],
    ["Accept: application/sdp;q=0.1"], ["Accept: */*;q=0, application/sdp"],
    ["Accept: application/*;q=0.0, application/sdp;q=1"],
  ]
  static let refused = [
    ["Accept: text/plain"], ["Accept:"], ["Accept: application/sdp;q=0"],
    ["Accept: application/sdp;q=0.000, */*"], ["Accept: application/*;q=0"],
    ["Accept: application/*;q=0, */*"], ["Accept: application/sdpx, application/xml"],
  ]

  @Test(arguments: admitted) func whoTakesADescriptionIsServed(accept: [String]) {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", extra: accept, body: sdp))
    #expect(bench.sent.map(\.code) == [100] && bench.incoming.count == 1)
  }

  @Test(arguments: refused) func whoTakesNoDescriptionGets406(accept: [String]) {
    for body in [sdp, ""] {
      let bench = Bench()
      bench.receive(bench.callerRequest("INVITE", extra: accept, body: body))
      #expect(bench.sent.map(\.code) == [406] && bench.incoming.isEmpty)
      #expect(bench.agent.census == UserAgent.Census())
    }
  }

  @Test(arguments: ["INVITE", "UPDATE"]) func inADialogItIsTheSame(method: String) {
    let bench = Bench()
    _ = bench.call()
    bench.receive(bench.answer(bench.sent[0], 200, body: sdp))
    bench.receive(
      bench.request(
        method, inDialogOf: bench.sent[0], extra: ["Accept: text/plain"], body: sdp))
    #expect(bench.sent.last?.short == "406 \(method)")
    #expect(bench.eventNames == ["answered"])
  }

  /// A refresh has no description in its answer.
  @Test func anUPDATEWithoutAnOfferIsAnsweredWhateverItAccepts() {
    let bench = Bench()
    _ = bench.call()
    bench.receive(bench.answer(bench.sent[0], 200, body: sdp))
    bench.receive(
      bench.request("UPDATE", inDialogOf: bench.sent[0], extra: ["Accept: text/plain"]))
    #expect(bench.sent.last?.short == "200 UPDATE")
  }
}
