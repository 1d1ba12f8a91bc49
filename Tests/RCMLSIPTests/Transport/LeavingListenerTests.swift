import RCMLBasics
import RCMLSIP
import Testing

/// A listener that is to be closed: calls on it go on, and no other one begins (spec Q-36).
struct LeavingListenerTests {
  private func leave(_ bench: Bench) {
    bench.agent.listenerLeaves(Bench.udp, at: bench.now)
    bench.drain()
  }

  @Test func oneThatNothingUsesIsClosedAtOnceAndOnlyOnce() {
    let bench = Bench()
    leave(bench)
    #expect(bench.closedListeners == [Bench.udp])
    bench.advance(.seconds(5))
    #expect(bench.closedListeners == [Bench.udp])
    bench.expectQuiet()
  }

  @Test func aCallOnItGoesOnAndItIsClosedAfterIt() {
    let bench = Bench()
    let call = bench.call()
    let invite = bench.news()[0]
    bench.receive(bench.answer(invite, 200, body: "v=0\r\n"))
    leave(bench)
    bench.advance(.seconds(100))
    #expect(bench.closedListeners.isEmpty)
    _ = bench.news()
    bench.receive(bench.request("INFO", inDialogOf: invite))
    #expect(bench.news().map(\.short) == ["200 INFO"])
    bench.end(call)
    let bye = bench.news()[0]
    #expect(bye.short == "BYE" && bye.listener == Bench.udp)
    #expect(bench.closedListeners.isEmpty)
    bench.receive(bench.answer(bye, 200))
    bench.advance(.seconds(1))
    #expect(bench.closedListeners == [Bench.udp])
    bench.expectQuiet()
  }

  @Test func aCallElsewhereKeepsItNotOpen() {
    let bench = Bench(listeners: [])
    let other = ListenerID(7)
    bench.agent.listening(Bench.udp, .udp, local: Bench.local)
    bench.agent.listening(other, .udp, local: SocketAddress(ipv4: 0x0A00_0001, port: 5080))
    _ = bench.call()
    #expect(bench.news().map(\.listener) == [Bench.udp])
    bench.agent.listenerLeaves(other, at: bench.now)
    bench.drain()
    #expect(bench.closedListeners == [other])
  }

  @Test func aCallerIsToldToGoElsewhereAndOneWhoCameBeforeIsNot() {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n"))
    #expect(bench.incoming.count == 1)
    leave(bench)
    bench.receive(
      bench.callerRequest("INVITE", branch: "z9hG4bKother", callID: "other", body: "v=0\r\n"))
    #expect(bench.incoming.count == 1)
    #expect(bench.sent.last?.short == "503 INVITE")
    #expect(bench.sent.last?.header("Retry-After").isEmpty == false)
    #expect(bench.closedListeners.isEmpty)
  }

  @Test func aNewCallOfOursLeavesByAnotherListener() {
    let bench = Bench(listeners: [])
    let other = ListenerID(7)
    bench.agent.listening(Bench.udp, .udp, local: Bench.local)
    bench.agent.listening(
      other, .udp, local: SocketAddress(ipv4: 0x0A00_0001, port: 5080))
    _ = bench.call()
    leave(bench)
    _ = bench.call()
    let invites = bench.sent.filter { $0.short == "INVITE" }
    #expect(invites.map(\.listener) == [Bench.udp, other])
    #expect(invites[1].header("Contact") == "<sip:10.0.0.1:5080>")
  }

  @Test func withoutAnotherListenerANewCallHasNoWay() {
    let bench = Bench(listeners: [.udp])
    _ = bench.call()
    _ = bench.news()
    leave(bench)
    _ = bench.call()
    #expect(bench.news().isEmpty)
    #expect(bench.eventNames.contains("failed"), "\(bench.eventNames)")
  }
}
