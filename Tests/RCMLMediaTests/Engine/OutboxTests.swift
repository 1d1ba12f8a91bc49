import RCMLBasics
import Testing

@testable import RCMLMedia

struct OutboxTests {
  /// A loop that was late has several packets of each stream: those of a socket leave together, in their order.
  @Test func packetsOfOneSocketLieSideBySideAndInOrder() {
    let outbox = Outbox()
    let order = [(3, false), (1, false), (3, false), (1, true), (1, false), (2, false), (3, false)]
    for (number, entry) in order.enumerated() {
      outbox.add(
        slot: entry.0, to: SocketAddress(ipv4: 1, port: 1), isControl: entry.1, count: 1
      ) { $0[0] = UInt8(number) }
    }
    outbox.gather()
    let slots = outbox.entries.map(\.slot)
    #expect(slots == [1, 1, 1, 2, 3, 3, 3])
    #expect(outbox.entries.map { outbox.octets[$0.octets.lowerBound] } == [1, 4, 3, 5, 0, 2, 6])
    outbox.clear()
    outbox.gather()
    #expect(outbox.entries.isEmpty)
  }
}
