import Glibc
import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLReactor
import Testing

struct LoopTests {
  @Test func theFirstInputIsEntropyAndTheCalendar() throws {
    let rig = try Rig()
    try rig.reactor.process()
    guard case .started(let entropy, let wall) = try #require(rig.core.heard.first) else {
      Issue.record("something else came first")
      return
    }
    #expect(entropy.count == 32 && Set(entropy).count > 4)
    #expect(wall.unixMicroseconds > 1_700_000_000_000_000)
    try rig.reactor.process()
    #expect(rig.core.heard.count == 1)
  }

  @Test func aDeadlineMakesTheDescriptorReadable() throws {
    let rig = try Rig()
    try rig.reactor.process()
    #expect(rig.reactor.deadlineMilliseconds == -1)
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let instant = Instant(
      nanoseconds: UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec) + 30_000_000)
    rig.core.nextDeadline = Deadline(instant, TimerName("test"))
    try rig.reactor.process()
    #expect((0...30).contains(rig.reactor.deadlineMilliseconds))
    var polled = pollfd(fd: rig.reactor.descriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&polled, 1, 5000) == 1)
    try rig.reactor.process()
    #expect(rig.core.nextDeadline == nil && rig.reactor.deadlineMilliseconds == -1)
    #expect(poll(&polled, 1, 0) == 0)
  }

  @Test func anotherThreadEndsTheSleep() throws {
    let rig = try Rig()
    try rig.reactor.process()
    let waker = Unmanaged.passRetained(Box(rig.reactor.waker))
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        usleep(20_000)
        Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().waker.wake()
        return nil
      }, waker.toOpaque())
    try rig.reactor.run { true }  // would sleep for ever
    pthread_join(thread, nil)
  }

  private final class Box: Sendable {
    let waker: Waker
    init(_ waker: Waker) { self.waker = waker }
  }

  @Test func ourThreadOnlyWakesAndOncePerProcess() throws {
    let rig = try Rig()
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    try rig.reactor.startThread(
      { context in
        guard let context else { return }
        var octet: UInt8 = 1
        _ = write(Int32(Int(bitPattern: context)), &octet, 1)
      }, context: UnsafeMutableRawPointer(bitPattern: Int(ends[1])))
    func woken(_ milliseconds: Int32) -> Bool {
      var polled = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
      guard poll(&polled, 1, milliseconds) == 1 else { return false }
      var octet: UInt8 = 0
      return read(ends[0], &octet, 1) == 1
    }
    #expect(!woken(30))
    rig.reactor.waker.wake()
    #expect(woken(5000))
    rig.reactor.waker.wake()
    #expect(!woken(30))  // not again before process was called
    try rig.reactor.process()
    rig.reactor.waker.wake()
    #expect(woken(5000))
    try rig.reactor.stopThread()
  }

  @Test func localhostIsFoundAndNonsenseIsNot() throws {
    let rig = try Rig()
    try rig.say(
      .names(.addresses(ResolutionID(1), host: Array("localhost".utf8))),
      .names(.addresses(ResolutionID(2), host: Array("127.0.0.9".utf8))),
      .names(.addresses(ResolutionID(3), host: [])))
    func found(_ id: ResolutionID) throws -> [SocketAddress]? {
      try rig.hear { heard in
        switch heard {
        case .resolved(id, let addresses): addresses
        case .unresolved(id): []
        default: nil
        }
      }
    }
    let local = try #require(try found(ResolutionID(1)))
    #expect(local.contains(SocketAddress(ipv4: 0x7F00_0001, port: 0)))
    #expect(Set(local).count == local.count)
    #expect(try found(ResolutionID(2)) == [SocketAddress(ipv4: 0x7F00_0009, port: 0)])
    #expect(try found(ResolutionID(3)) == [])
  }

  @Test func eventsWaitForTheHostAndTheDescriptorSaysSo() throws {
    let rig = try Rig()
    try rig.say(.tell(.onCall(CallNumber(7), .ringing)))
    #expect(rig.reactor.deadlineMilliseconds == 0)
    var polled = pollfd(fd: rig.reactor.descriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&polled, 1, 0) == 1)
    #expect(try rig.reactor.process())
    guard case .onCall(CallNumber(7), .ringing) = try rig.reactor.nextEvent() else {
      Issue.record("another event")
      return
    }
    #expect(try rig.reactor.nextEvent() == nil)
  }

  @Test func aFullQueueLosesDigitsButNeverAnEnd() throws {
    let rig = try Rig()
    for _ in 0..<20_000 {
      rig.core.outputs.append(.tell(.onCall(CallNumber(1), .digit(.caller, 35))))
    }
    rig.core.outputs.append(.tell(.drained))
    try rig.say()
    #expect(rig.reactor.lostEvents == 20_000 - 16_384)
    guard case .finding(nil, let finding) = try rig.reactor.nextEvent() else {
      Issue.record("the loss is not told")
      return
    }
    #expect(finding.code == .eventsLost && finding.text.hasPrefix("3616 events"))
    var last: HostEvent?
    while let event = try rig.reactor.nextEvent() { last = event }
    guard case .drained = last else {
      Issue.record("the end was lost")
      return
    }
  }

  @Test func theJournalMustComeFirst() throws {
    let rig = try Rig()
    try rig.reactor.process()
    #expect(throws: ReactorError.self) {
      try rig.reactor.writeJournal(to: "/tmp/never", product: "test")
    }
  }

  /// H11: a full disk ends the journal, not the agent.
  @Test func aFullDiskEndsTheJournalOnly() throws {
    let rig = try Rig()
    try rig.reactor.writeJournal(to: "/dev/full", product: "test")
    try rig.reactor.process()
    #expect(try rig.turn { rig.reactor.journalFailure?.kind == .file })
    #expect(rig.core.journal == nil)
    guard case .finding(nil, let finding) = try rig.reactor.nextEvent() else {
      Issue.record("it is not told")
      return
    }
    #expect(finding.code == .journalFailed && finding.text.contains("/dev/full"))
    #expect(try rig.reactor.nextEvent() == nil)
    try rig.reactor.listen("udp:127.0.0.1:0")
  }

  @Test func aClosedReactorSaysSo() throws {
    let rig = try Rig()
    rig.reactor.close()
    rig.reactor.close()
    #expect(throws: ReactorError.self) { try rig.reactor.process() }
    #expect(throws: ReactorError.self) { try rig.reactor.listen("udp:127.0.0.1:0") }
  }
}
