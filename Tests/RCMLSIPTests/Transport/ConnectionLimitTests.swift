import RCMLBasics
import RCMLSIP
import Testing

/// How many connections there may be, and what keeps one [Y-12].
@Suite struct ConnectionLimitTests {
  private func accept(_ bench: Bench, _ number: UInt64, from address: UInt32 = 0x0A00_0002) {
    bench.agent.streamAccepted(
      ConnectionID(number), on: Bench.tcp, local: Bench.local,
      remote: SocketAddress(ipv4: address, port: UInt16(30_000 + number)), at: bench.now)
    bench.drain()
  }

  @Test func oneAddressHasNoMoreConnectionsThanItsShare() {
    let bench = Bench { $0.maxConnectionsPerAddress = 2 }
    for number: UInt64 in [1, 3, 5] { accept(bench, number) }
    #expect(bench.closed == [ConnectionID(5)] && bench.limited == [.connectionsOfAddress])
    accept(bench, 7, from: 0x0A00_0003)
    #expect(bench.agent.census.streams == 3)
    bench.agent.streamClosed(ConnectionID(1), at: bench.now)
    accept(bench, 9)
    accept(bench, 11)
    #expect(bench.closed == [ConnectionID(5), ConnectionID(11)])
  }

  @Test func allTogetherAreNoMoreThanMaxConnections() {
    let bench = Bench { $0.maxConnections = 3 }
    for number in 0..<5 { accept(bench, UInt64(2 * number + 1), from: UInt32(number + 1)) }
    #expect(bench.closed == [ConnectionID(7), ConnectionID(9)])
    #expect(bench.limited == [.connections, .connections])
    bench.advance(Limits.idleConnection)
    #expect(bench.agent.census.streams == 0)
  }

  @Test func keepAlivesKeepNoConnectionThatNobodyUses() {
    let bench = Bench()
    accept(bench, 1)
    for _ in 0..<3 {
      bench.advance(.seconds(20))
      bench.receive("\r\n\r\n", on: ConnectionID(1))
    }
    #expect(bench.sent.count == 3 && bench.closed.isEmpty)
    bench.advance(.seconds(4))
    #expect(bench.closed == [ConnectionID(1)])
    bench.expectQuiet()
  }

  @Test func aMessageKeepsItAndSoDoesACall() throws {
    let bench = Bench()
    accept(bench, 1)
    let id = ConnectionID(1)
    bench.advance(.seconds(60))
    bench.receive(bench.callerRequest("OPTIONS", transport: "TCP"), on: id)
    bench.advance(.seconds(60))
    #expect(bench.closed.isEmpty)
    bench.receive(
      bench.callerRequest("INVITE", branch: "z9hG4bKc", body: "v=0\r\n", transport: "TCP"), on: id)
    let session = try #require(bench.incoming.first?.id)
    bench.advance(.seconds(600))
    #expect(bench.closed.isEmpty)
    bench.agent.reject(session, code: 486, phrase: [], headers: [], at: bench.now)
    bench.drain()
    bench.advance(.seconds(140))
    #expect(bench.closed == [id])
    bench.expectQuiet()
  }
}
