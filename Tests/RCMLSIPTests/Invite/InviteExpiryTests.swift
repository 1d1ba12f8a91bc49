import RCMLBasics
import Testing

@testable import RCMLSIP

/// Callers that say how long they wait for an answer (RFC 3261 §13.3.1). // U-61
@Suite struct InviteExpiryTests {
  private let sdp = "v=0\r\n"

  private func invited(_ bench: Bench, _ extra: [String]) throws -> SessionID {
    bench.receive(bench.callerRequest("INVITE", extra: extra, body: sdp))
    return try #require(bench.incoming.last?.id)
  }

  private func ring(_ bench: Bench, _ id: SessionID) {
    bench.agent.ring(id, code: 180, body: [], at: bench.now)
    bench.drain()
  }

  @Test(arguments: [true, false]) func whenTheTimeIsOverTheCallerGets487(rings: Bool) throws {
    let bench = Bench()
    let id = try invited(bench, ["Expires: 2"])
    if rings { ring(bench, id) }
    _ = bench.news()
    bench.advance(.milliseconds(1_999))
    #expect(bench.news().isEmpty && bench.eventNames.isEmpty)
    bench.advance(.milliseconds(1))
    #expect(bench.news().map(\.short) == ["487 INVITE"])
    #expect(bench.eventNames == ["cancelled", "ended"])
    bench.expectQuiet()
  }

  @Test func anInvitationThatIsOverWhenItComesIsTakenBackAtOnce() throws {
    let bench = Bench()
    _ = try invited(bench, ["Expires: 0"])
    bench.advance(.zero)
    #expect(bench.sent.map(\.code) == [100, 487])
    #expect(bench.eventNames == ["cancelled", "ended"])
  }

  @Test func whoHasItsAnswerIsNotAskedForTheTime() throws {
    let bench = Bench()
    let id = try invited(bench, ["Expires: 2"])
    ring(bench, id)
    bench.advance(.seconds(1))
    bench.agent.accept(id, body: Array(sdp.utf8), headers: [], at: bench.now)
    bench.drain()
    bench.receive(
      bench.callerRequest("ACK", toTag: bench.sent.last?.tag ?? "", branch: "z9hG4bKack"))
    bench.advance(.seconds(60))
    #expect(bench.eventNames == ["acknowledged"])
    #expect(bench.sent.map(\.code) == [100, 180, 200])
  }

  /// It was accepted, and only the PRACK of an 18x that held the answer is awaited.
  @Test func whoseAnswerWaitsForAPRACKIsNotAskedForTheTime() throws {
    let bench = Bench()
    let id = try invited(bench, ["Expires: 2", "Require: 100rel"])
    bench.agent.ring(id, code: 183, body: Array(sdp.utf8), at: bench.now)
    bench.agent.accept(id, body: Array(sdp.utf8), headers: [], at: bench.now)
    bench.drain()
    bench.advance(.seconds(3))
    #expect(bench.eventNames.isEmpty)
  }

  @Test(arguments: [
    "Expires: 4294967295", "Expires: 99999999999999999999", "Expires: soon", "X-Expires: 1",
  ])
  func whatIsNoRingLimitIsNone(line: String) throws {
    let bench = Bench()
    _ = try invited(bench, [line])
    #expect(bench.agent.nextDeadline == nil)
    bench.advance(.seconds(4_000))
    #expect(bench.eventNames.isEmpty)
  }
}
