import RCMLBasics
import RCMLSIP
import Testing

/// What is refused when there is too much of it, and what is not [Y-9].
@Suite struct OverloadTests {
  private let sdp = "v=0\r\n"

  private func invite(_ number: Int) -> String {
    Bench().callerRequest(
      "INVITE", branch: "z9hG4bKo\(number)", callID: "call-\(number)", body: sdp,
      fromTag: "carol\(number)")
  }

  private func call(
    _ bench: Bench, _ number: Int, from source: SocketAddress = Bench.peer
  ) -> Bench.Sent? {
    bench.receive(invite(number), from: source)
    return bench.news().last
  }

  // MARK: what has waited too long

  @Test func anINVITEThatWaitedTooLongGets503AndLeavesNothing() throws {
    let bench = Bench()
    bench.receiveOverdue(invite(1))
    bench.receiveOverdue(invite(1))
    let said = bench.news()
    #expect(said.map(\.short) == ["503 INVITE", "503 INVITE"])
    #expect(said[0].bytes == said[1].bytes)
    #expect(said[0].header("Retry-After") == "5")
    #expect(bench.limited == [.overload, .overload] && bench.refused.isEmpty)
    #expect(bench.incoming.isEmpty && bench.agent.census == UserAgent.Census())
  }

  @Test func whatBelongsToACallIsNeverTooLate() throws {
    let bench = Bench()
    bench.receive(invite(1))
    let session = try #require(bench.incoming.first?.id)
    _ = bench.news()
    // It is no new one: the call has begun.
    bench.receiveOverdue(invite(1))
    #expect(bench.news().map(\.short) == ["100 INVITE"])
    bench.agent.accept(session, body: Array(sdp.utf8), headers: [], at: bench.now)
    bench.drain()
    let tag = try #require(bench.news().last).tag
    func later(_ method: String, _ cseq: Int) -> String {
      bench.callerRequest(
        method, toTag: tag, cseq: cseq, branch: "z9hG4bK\(method)", callID: "call-1",
        body: method == "INVITE" ? sdp : "", fromTag: "carol1")
    }
    bench.receiveOverdue(later("ACK", 1))
    #expect(bench.eventNames == ["acknowledged"])
    bench.receiveOverdue(later("INVITE", 2))
    #expect(bench.eventNames == ["acknowledged", "offered"])
    bench.receiveOverdue(later("BYE", 3))
    #expect(bench.news().map(\.short).contains("200 BYE"))
    #expect(bench.limited.isEmpty)
  }

  @Test func whoAsksHowWeAreIsNeverTooLate() {
    let bench = Bench()
    bench.receiveOverdue(bench.callerRequest("OPTIONS"))
    #expect(bench.news().map(\.short) == ["200 OPTIONS"])
  }

  // MARK: max_calls, max_calls_per_source

  @Test func oneCallMoreThanMaxCallsGets503UntilOneHasEnded() throws {
    let bench = Bench { $0.maxCalls = 2 }
    #expect(call(bench, 1)?.code == 100 && call(bench, 2)?.code == 100)
    let refusal = try #require(call(bench, 3))
    #expect(refusal.code == 503 && refusal.header("Retry-After") == "30")
    #expect(bench.limited == [.calls] && bench.refused.isEmpty && bench.incoming.count == 2)
    bench.agent.reject(bench.incoming[0].id, code: 486, phrase: [], headers: [], at: bench.now)
    bench.drain()
    #expect(call(bench, 4)?.code == 100)
    #expect(call(bench, 5)?.code == 503)
  }

  @Test func oneSourceHasNoMoreCallsThanItsShareWhateverItsPort() {
    let bench = Bench { $0.maxCallsPerSource = 1 }
    let other = SocketAddress(ipv4: 0x0A00_0003, port: 5060)
    var samePlace = Bench.peer
    samePlace.port = 5099
    #expect(call(bench, 1)?.code == 100)
    #expect(call(bench, 2, from: samePlace)?.code == 503)
    #expect(call(bench, 3, from: other)?.code == 100)
    #expect(bench.limited == [.callsOfSource])
    // A CANCEL ends a call as well.
    bench.receive(
      bench.callerRequest(
        "CANCEL", branch: "z9hG4bKo1", callID: "call-1", fromTag: "carol1"))
    bench.advance(.seconds(40))
    _ = bench.news()
    #expect(call(bench, 4, from: samePlace)?.code == 100)
    #expect(call(bench, 5)?.code == 503)
  }

  @Test func withoutALimitThereIsNone() {
    let bench = Bench { $0.maxCalls = 0 }
    for number in 1...50 { #expect(call(bench, number)?.code == 100) }
    #expect(bench.limited.isEmpty)
  }

  // MARK: max_memory

  @Test func noCallBeginsWithoutMemoryAndThoseUnderWayGoOn() throws {
    let bench = Bench()
    #expect(call(bench, 1)?.code == 100)
    bench.agent.memoryIs(full: true)
    #expect(call(bench, 2)?.code == 503)
    #expect(bench.limited == [.memory])
    let session = try #require(bench.incoming.first?.id)
    bench.agent.accept(session, body: Array(sdp.utf8), headers: [], at: bench.now)
    bench.drain()
    #expect(bench.news().map(\.short) == ["200 INVITE"])
    bench.receive(bench.callerRequest("OPTIONS", branch: "z9hG4bKhealth"))
    #expect(bench.news().map(\.short) == ["200 OPTIONS"])
    bench.agent.memoryIs(full: false)
    #expect(call(bench, 3)?.code == 100)
  }
}
