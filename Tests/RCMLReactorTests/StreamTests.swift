import RCMLAgent
import RCMLBasics
import RCMLReactor
import Testing

struct StreamTests {
  private static func accepted(_ heard: FakeCore.Heard) -> ConnectionID? {
    if case .accepted(let id, _, _) = heard { return id }
    return nil
  }

  private static func connected(_ heard: FakeCore.Heard) -> ConnectionID? {
    if case .connected(let id) = heard { return id }
    return nil
  }

  private static func failed(_ heard: FakeCore.Heard) -> ConnectionID? {
    if case .failed(let id) = heard { return id }
    return nil
  }

  private static func closed(_ heard: FakeCore.Heard) -> ConnectionID? {
    if case .closed(let id) = heard { return id }
    return nil
  }

  @Test func octetsTravelBothWaysAndTheCloseIsTold() throws {
    let rig = try Rig()
    let address = try rig.reactor.listen("tcp:127.0.0.1:0").address
    let ours = ConnectionID(2)
    // Said before the connection stands: it waits and goes first.
    try rig.say(
      .network(.openStream(ours, to: address)), .network(.sendStream(ours, bytes: [1, 2])))
    let theirs = try #require(try rig.hear(StreamTests.accepted))
    #expect(theirs.number % 2 == 1)
    #expect(try rig.hear(StreamTests.connected) == ours)
    try rig.say(
      .network(.sendStream(ours, bytes: [3])), .network(.sendStream(theirs, bytes: [9, 8])))
    #expect(try rig.read(3, of: theirs) == [1, 2, 3])
    #expect(try rig.read(2, of: ours) == [9, 8])
    try rig.say(.network(.closeStream(ours)))
    #expect(try rig.hear(StreamTests.closed) == theirs)
  }

  @Test func whatIsQueuedWhenTheCoreLetsGoStillArrives() throws {
    let rig = try Rig()
    let address = try rig.reactor.listen("tcp:127.0.0.1:0").address
    let ours = ConnectionID(2)
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try rig.say(
      .network(.openStream(ours, to: address)), .network(.sendStream(ours, bytes: bytes)))
    let theirs = try #require(try rig.hear(StreamTests.accepted))
    #expect(try rig.hear(StreamTests.connected) == ours)
    try rig.say(.network(.closeStream(ours)))
    #expect(try rig.read(bytes.count, of: theirs) == bytes)
    #expect(try rig.hear(StreamTests.closed) == theirs)
  }

  /// T-6.
  @Test func aRefusedConnectionFailsAtOnce() throws {
    let rig = try Rig()
    let deaf: SocketAddress
    do {
      let other = try Rig()
      deaf = try other.reactor.listen("tcp:127.0.0.1:0").address
      other.reactor.close()
    }
    try rig.say(.network(.openStream(ConnectionID(4), to: deaf)))
    #expect(try rig.hear(StreamTests.failed) == ConnectionID(4))
  }

  @Test func aPeerThatDoesNotReadIsCutOff() throws {
    let rig = try Rig()
    let deaf = try Rig()
    let address = try deaf.reactor.listen("tcp:127.0.0.1:0").address
    let ours = ConnectionID(2)
    try rig.say(.network(.openStream(ours, to: address)))
    #expect(try rig.hear(StreamTests.connected) == ours)
    let chunk = [UInt8](repeating: 65, count: 100_000)
    for _ in 0..<200 where rig.reactor.counters.streamsOverflowed == 0 {
      try rig.say(.network(.sendStream(ours, bytes: chunk)))
    }
    #expect(try rig.hear(StreamTests.closed) == ours)
    #expect(rig.reactor.counters.streamsOverflowed == 1)
  }
}
