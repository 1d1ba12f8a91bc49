import Glibc
import RCMLBasics
import RCMLMedia
import Testing

@testable import RCMLReactor

struct MediaStreamTests {
  /// RFC 3550 §11.
  @Test func aStreamHasAnEvenPortInItsRangeAndTheNextOneForReports() throws {
    let rig = try Rig()
    rig.reactor.mediaPorts = 20_001...20_101
    let party = try #require(RTPParty())
    for id in 1...20 as ClosedRange<UInt64> {
      let port = try #require(try rig.open(id, with: party))
      #expect(port % 2 == 0 && (20_002...20_100).contains(port))
    }
    #expect(rig.reactor.counters.media.streamsOpen == 20)
  }

  /// A pair that is free is found however few there are: drawing alone misses it as often as not.
  @Test func theLastFreePairOfPortsIsFound() throws {
    let rig = try Rig()
    // Not of the usual range: tests beside this one draw their ports there.
    rig.reactor.mediaPorts = 12_000...12_199
    func opened(_ id: UInt64) throws -> UInt16? {
      try rig.say(.media(.open(MediaID(id))))
      return try rig.media { event -> UInt16?? in
        switch event {
        case .opened(MediaID(id), let port): .some(port)
        case .unopened(MediaID(id)): .some(nil)
        default: nil
        }
      } ?? nil
    }
    // Another program has some of them.
    let strangers = (0..<5).compactMap { RTPParty.at(port: UInt16(12_020 + 20 * $0)) }
    defer { for socket in strangers { close(socket) } }
    var ports: [UInt64: UInt16] = [:]
    for id in 1...UInt64(100 - strangers.count) { ports[id] = try opened(id) }
    #expect(ports.count == 100 - strangers.count && Set(ports.values).count == ports.count)
    #expect(try opened(1_000) == nil)
    for id in 1...30 as ClosedRange<UInt64> {
      try rig.say(.media(.close(MediaID(id))))
      #expect(try opened(1_000 + id) == ports[id])
    }
    #expect(rig.reactor.counters.media.streamsRefused == 1)
  }

  @Test(arguments: [false, true]) func whatOnePartySaysTheOtherHears(isIPv6: Bool) throws {
    let rig = try Rig()
    guard let one = RTPParty(isIPv6: isIPv6), let other = RTPParty(isIPv6: isIPv6) else { return }
    let first = try #require(try rig.open(1, with: one))
    let second = try #require(try rig.open(2, with: other))
    try rig.say(.media(.join(MediaID(1), MediaID(2), .init())))
    for octet in 1...50 as ClosedRange<UInt8> {
      one.speak([octet, 1], to: first)
      #expect(Array(try #require(try rig.receive(other))[12...]) == [octet, 1])
      other.speak([octet, 2], to: second)
      #expect(Array(try #require(try rig.receive(one))[12...]) == [octet, 2])
    }
    let counters = rig.reactor.counters.media
    #expect(counters.packetsReceived == 100 && counters.packetsRelayed == 100)
    #expect(counters.packetsSent == 100)
  }

  @Test func aPartyOfIPv4AndOneOfIPv6HearEachOther() throws {
    let rig = try Rig()
    guard let one = RTPParty(), let other = RTPParty(isIPv6: true) else { return }
    let first = try #require(try rig.open(1, with: one))
    let second = try #require(try rig.open(2, with: other))
    try rig.say(.media(.join(MediaID(1), MediaID(2), .init())))
    one.speak([7], to: first)
    #expect(try rig.receive(other)?.last == 7)
    other.speak([8], to: second)
    #expect(try rig.receive(one)?.last == 8)
  }

  @Test func aMachineWithoutIPv6SpeaksIPv4() throws {
    let rig = try Rig()
    try rig.say(.media(.stop(PlaybackID(1))))
    rig.reactor.media?.sockets.useIPv4Only()
    let one = try #require(RTPParty())
    let other = try #require(RTPParty())
    let first = try #require(try rig.open(1, with: one))
    _ = try #require(try rig.open(2, with: other))
    try rig.say(.media(.join(MediaID(1), MediaID(2), .init())))
    one.speak([7], to: first)
    #expect(try rig.receive(other)?.last == 7)
  }

  @Test func aToneIsPlayedToItsEndInPacketsOfTwentyMilliseconds() throws {
    let rig = try Rig()
    let party = try #require(RTPParty())
    _ = try rig.open(1, with: party)
    try rig.say(.media(.play(MediaID(1), PlaybackID(5), [.beep])))
    #expect(try rig.told(.played(PlaybackID(5))))
    var packets: [[UInt8]] = []
    while let packet = party.receive() { packets.append(packet) }
    #expect(packets.count >= 5)
    #expect(packets.allSatisfy { $0.count == 172 })
    #expect(rig.reactor.counters.media.packetsPlayed == UInt64(packets.count))
  }

  /// The loop sleeps from packet to packet, neither ahead nor behind by more than this machine's load explains.
  @Test func thePaceOfWhatIsPlayedIsThatOfTheClock() throws {
    let rig = try Rig()
    let party = try #require(RTPParty())
    _ = try rig.open(1, with: party)
    let begin = Reactor.clock()
    try rig.say(.media(.play(MediaID(1), PlaybackID(5), [.silence(milliseconds: 1_000)])))
    #expect(try rig.told(.played(PlaybackID(5))))
    #expect(rig.reactor.counters.media.packetsPlayed == 50)
    #expect((Reactor.clock() - begin) >= .milliseconds(980))
  }

  /// U-25.
  @Test func aKeyOfAPartyIsToldOnce() throws {
    let rig = try Rig()
    let party = try #require(RTPParty())
    let port = try #require(try rig.open(1, with: party))
    for step in 0..<5 {
      party.speak(
        [5, step < 2 ? 10 : 0x8a, 0, UInt8(160)], type: 101, to: port, isSameMoment: step > 0)
    }
    #expect(try rig.told(.digit(MediaID(1), 53)))
    for _ in 0..<5 { try rig.reactor.wait(milliseconds: 10) }
    for heard in rig.core.heard {
      if case .media(.digit) = heard { Issue.record("it is told again") }
    }
  }

  /// Failures A8.
  @Test func aStrangerIsNeitherHeardNorAnswered() throws {
    let rig = try Rig()
    let party = try #require(RTPParty())
    let other = try #require(RTPParty())
    let stranger = try #require(RTPParty())
    let port = try #require(try rig.open(1, with: party))
    _ = try rig.open(2, with: other)
    try rig.say(.media(.join(MediaID(1), MediaID(2), .init())))
    party.speak([1], to: port)
    #expect(try rig.receive(other)?.last == 1)
    for round in 0..<100 as Range<UInt8> {
      for _ in 0..<100 { stranger.speak([9], to: port) }
      party.speak([round], to: port)
      #expect(try rig.receive(other)?.last == round)
    }
    #expect(stranger.receive() == nil)
    #expect(rig.reactor.counters.media.packetsStrange == 10_000)
  }

  /// Failures A9.
  @Test func rubbishIsCountedAndNothingElse() throws {
    let rig = try Rig()
    let party = try #require(RTPParty())
    let port = try #require(try rig.open(1, with: party))
    var random = RandomSource(seed: 9)
    for _ in 0..<50 {
      let octets = (0..<Int(random.next() % 200)).map { _ in
        UInt8(truncatingIfNeeded: random.next())
      }
      party.send(octets, to: port)
      party.send(octets, to: port + 1)
    }
    party.send([], to: port)
    for _ in 0..<10 where rig.reactor.counters.media.packetsReceived < 51 {
      try rig.reactor.wait(milliseconds: 20)
    }
    #expect(rig.reactor.counters.media.packetsReceived == 51)
    party.speak([1], to: port)
    _ = try rig.open(2, with: party)
    #expect(rig.reactor.counters.media.streamsOpen == 2)
  }

  /// An ICMP error wakes nobody: the loop sleeps on.
  @Test func aPartyThatIsGoneCostsNothing() throws {
    let rig = try Rig()
    var party = RTPParty()
    let gone = try #require(party)
    _ = try rig.open(1, with: gone)
    party = nil
    try rig.say(.media(.play(MediaID(1), PlaybackID(5), [.beep])))
    #expect(try rig.told(.played(PlaybackID(5))))
    let begin = Reactor.clock()
    try rig.reactor.wait(milliseconds: 50)
    #expect((Reactor.clock() - begin) >= .milliseconds(40))
  }

  /// RFC 4594 §4.1: the network may let voice go first.
  @Test func packetsAreMarkedAsTelephony() throws {
    let rig = try Rig()
    _ = try rig.open(1, with: try #require(RTPParty()))
    let sockets = try #require(rig.reactor.media?.sockets.all.first)
    func option(_ socket: Int32, _ level: Int, _ name: Int32) -> Int32 {
      var value: Int32 = -1
      var length = socklen_t(4)
      return getsockopt(socket, Int32(level), name, &value, &length) == 0 ? value : -1
    }
    for socket in [sockets.audio, sockets.control] {
      #expect(option(socket, Int(IPPROTO_IP), IP_TOS) == 0xb8)
      #expect([0xb8, -1].contains(option(socket, Int(IPPROTO_IPV6), IPV6_TCLASS)))
      #expect(fcntl(socket, F_GETFL) & O_NONBLOCK != 0)
      #expect(fcntl(socket, F_GETFD) & FD_CLOEXEC != 0)
    }
  }

  /// Failures H6: a child that keeps a copy of a closed stream's sockets does not keep the loop awake.
  @Test func aClosedStreamIsHeardOfNoMoreThoughACopyOfItsSocketIsOpen() throws {
    let rig = try Rig()
    let party = try #require(RTPParty())
    let port = try #require(try rig.open(1, with: party))
    let copy = dup(try #require(rig.reactor.media?.sockets.all.first).audio)
    defer { close(copy) }
    try rig.say(.media(.close(MediaID(1))))
    party.speak([1], to: port)
    let begin = Reactor.clock()
    try rig.reactor.wait(milliseconds: 50)
    #expect((Reactor.clock() - begin) >= .milliseconds(40))
    #expect(rig.reactor.counters.media.packetsReceived == 0)
  }

  @Test func nothingOpensTwiceAndAClosedPortIsFree() throws {
    let rig = try Rig()
    rig.reactor.mediaPorts = 20_200...20_201
    let party = try #require(RTPParty())
    #expect(try rig.open(1, with: party) == 20_200)
    try rig.say(.media(.open(MediaID(2))))
    #expect(try rig.told(.unopened(MediaID(2))))
    try rig.say(.media(.close(MediaID(1))), .media(.open(MediaID(3))))
    #expect(try rig.told(.opened(MediaID(3), port: 20_200)))
    #expect(rig.reactor.counters.media.streamsOpen == 1)
    #expect(rig.reactor.counters.media.streamsRefused == 1)
  }

  @Test func anAgentWithoutMediaHasNoDesk() throws {
    let rig = try Rig()
    try rig.reactor.listen("udp:127.0.0.1:0")
    try rig.reactor.process()
    #expect(rig.reactor.media == nil)
  }
}
