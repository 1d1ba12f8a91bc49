import CSystem
import RCMLAgent
import RCMLBasics
import Testing

@testable import RCMLReactor

/// Who goes first when there is more to do than time, and what is given back afterwards [Y-9].
struct OverloadTests {
  private static func request(_ method: String, _ number: Int, tag: String = "") -> [UInt8] {
    Array("\(method) sip:a@b SIP/2.0\r\nTo: <sip:a@b>\(tag)\r\nX: \(number)\r\n\r\n".utf8)
  }

  private static func words(_ heard: FakeCore.Heard) -> String? {
    func first(_ bytes: [UInt8]) -> String {
      let text = String(decoding: bytes, as: UTF8.self)
      let number = text.split(separator: "\r\n").last { $0.hasPrefix("X: ") }?.dropFirst(3) ?? ""
      return text.prefix { $0 != " " } + " " + number
    }
    return switch heard {
    case .datagram(_, _, _, let bytes): first(bytes)
    case .overdue(let bytes): "late " + first(bytes)
    default: nil
    }
  }

  private func send(_ rig: Rig, _ messages: [[UInt8]]) throws {
    let address = try rig.reactor.listen("udp:127.0.0.1:0").address
    rig.core.outputs += messages.map {
      .network(.send(ListenerID(0), to: address, bytes: $0))
    }
    try rig.say()
  }

  private func heard(_ rig: Rig, _ count: Int) throws -> [String] {
    _ = try rig.turn { rig.core.heard.compactMap(OverloadTests.words).count >= count }
    return rig.core.heard.compactMap(OverloadTests.words)
  }

  @Test func whatBelongsToCallsGoesBeforeWhatBeginsThem() throws {
    let rig = try Rig()
    try send(
      rig,
      [
        Self.request("INVITE", 1), Self.request("INVITE", 2), Self.request("BYE", 3),
        Self.request("OPTIONS", 4), Self.request("INVITE", 5, tag: ";tag=x"),
        Self.request("INVITE", 6), Array("SIP/2.0 200 OK\r\nX: 7\r\n\r\n".utf8),
      ])
    let order = try heard(rig, 7)
    #expect(
      order == [
        "BYE 3", "OPTIONS 4", "INVITE 5", "SIP/2.0 7", "INVITE 1", "INVITE 2", "INVITE 6",
      ])
  }

  /// Whoever gives up before it was heard is not rung for.
  @Test func aCANCELDoesNotOvertakeTheINVITEItIsFor() throws {
    let rig = try Rig()
    try send(
      rig, [Self.request("INVITE", 1), Self.request("CANCEL", 2), Self.request("INVITE", 3)])
    #expect(try heard(rig, 3) == ["INVITE 1", "CANCEL 2", "INVITE 3"])
    rig.core.heard = []
    try send(rig, [Self.request("CANCEL", 4)])
    #expect(try heard(rig, 1) == ["CANCEL 4"])
  }

  /// A call costs 2 ms, and more on a machine with other work to do: of 200 that come at once some begin, and the others hear after some 50 ms that they are too late.
  @Test func whoHasWaitedTooLongIsToldSoWhileOPTIONSGoesOn() throws {
    let rig = try Rig()
    rig.core.react = { heard, _ in
      guard case .datagram(_, _, _, let bytes) = heard, bytes.starts(with: Array("INVITE".utf8))
      else { return }
      let end = Reactor.clock() + .milliseconds(2)
      while Reactor.clock() < end {}
    }
    try send(
      rig, (1...200).map { Self.request("INVITE", $0) } + [Self.request("OPTIONS", 201)])
    let order = try heard(rig, 201)
    let late = order.filter { $0.hasPrefix("late ") }.count
    #expect(order.count == 201 && late > 100 && late < 200, "\(late)")
    #expect((order.firstIndex(of: "OPTIONS 201") ?? 999) < 80)
    // First come, first served, and first refused.
    let numbers = order.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
    #expect(numbers.filter { $0 < 201 } == Array(1...200))
    #expect(!rig.reactor.datagrams.hasWaiting)
  }

  /// A host that comes seldom finds old ones, and has time for them.
  @Test func anOldINVITEIsServedWhereNobodyWaitsBehindIt() throws {
    let rig = try Rig()
    try send(rig, [Self.request("INVITE", 1), Self.request("INVITE", 2)])
    let end = Reactor.clock() + .milliseconds(80)
    while Reactor.clock() < end {}
    #expect(try heard(rig, 2) == ["INVITE 1", "INVITE 2"])
  }

  @Test func theLineKnowsAgeRoomAndOrder() {
    var line = InviteLine()
    let start = Instant(nanoseconds: 1_000_000_000)
    func one(_ port: UInt16, arrived: Instant) -> InviteLine.Waiting {
      let place = SocketAddress(ipv4: 1, port: port)
      return InviteLine.Waiting(
        listener: ListenerID(0), from: place, local: place, bytes: [], arrived: arrived)
    }
    #expect(line.isEmpty)
    // Old when it was read: there was no line then.
    let isIn = line.append(one(1, arrived: Instant(nanoseconds: 1)), at: start)
    #expect(isIn)
    #expect(line.holds(SocketAddress(ipv4: 1, port: 1)))
    let old = line.next(at: start + .milliseconds(50))
    #expect(old?.isOverdue == false && !line.holds(SocketAddress(ipv4: 1, port: 1)))
    for port in 1...UInt16(InviteLine.places) {
      let isIn = line.append(one(port, arrived: start), at: start)
      #expect(isIn)
    }
    let isTooMany = !line.append(one(9, arrived: start), at: start)
    let first = line.next(at: start + .milliseconds(51))
    #expect(isTooMany && first?.one.from.port == 1 && first?.isOverdue == true)
    let isInAgain = line.append(one(7, arrived: start + .milliseconds(20)), at: start)
    #expect(isInAgain)
    for port in 2...UInt16(InviteLine.places) {
      let next = line.next(at: start + .milliseconds(51))
      #expect(next?.one.from.port == port && next?.isOverdue == true)
    }
    #expect(line.holds(SocketAddress(ipv4: 1, port: 7)))
    let last = line.next(at: start + .milliseconds(51))
    #expect(last?.isOverdue == false && line.isEmpty)
  }

  /// The kernel says when a datagram came, not when we found it.
  @Test func aDatagramIsAsOldAsTheKernelSays() throws {
    var here = SocketAddress(ipv4: 0x7F00_0001, port: 0).system
    let socket = system_udp_bind(&here)
    #expect(socket >= 0)
    defer { system_close(socket) }
    let outbox = try #require(system_outbox_create())
    defer { system_outbox_destroy(outbox) }
    let inbox = try Inbox()
    // The kernel begins to stamp a moment after the first socket of the machine has asked for it.
    var isStamped = false
    for _ in 0..<40 where !isStamped {
      let before = system_monotonic()
      #expect(system_outbox_add(outbox, [1], 1, &here, nil))
      var dropped: UInt64 = 0
      #expect(system_outbox_send(outbox, socket, nil, 0, &dropped) == 0)
      let after = system_monotonic()
      while system_monotonic() < after + 30_000_000 {}
      let read = inbox.read(socket, bound: &here, limit: 4)
      #expect(read.count == 1)
      let arrived = read.first?.arrived ?? 0
      // Two clocks, read one after the other.
      #expect(arrived + 1_000_000 > before)
      isStamped = arrived < after + 5_000_000
    }
    #expect(isStamped)
  }

  // MARK: memory

  @Test func theCoreHearsWhenThereIsNoMemoryAndWhenThereIs() throws {
    let rig = try Rig()
    func memory() throws -> Bool? {
      try rig.hear(seconds: 2) { if case .memory(let isFull) = $0 { isFull } else { nil } }
    }
    rig.core.memoryLimit = 1 << 20  // less than any process has
    #expect(try memory() == true)
    rig.core.memoryLimit = 1 << 40
    #expect(try memory() == false)
    rig.core.memoryLimit = 1 << 20
    #expect(try memory() == true)
    rig.core.memoryLimit = 0
    #expect(try memory() == false)
  }

  /// In a process of its own: beside it other tests ask for memory and give it back.
  @Test func whatWasFreedIsGivenBackOnceThereIsNothingElseToDo() {
    #expect(ChildProcess.run(seconds: 30) { OverloadTests.stepThatIsNotSo() } == 0)
  }

  /// The number of the first thing that is otherwise than it should be; 0 = none.
  private static func stepThatIsNotSo() -> Int32 {
    let watch = MemoryWatch()
    let start = Reactor.clock()
    guard watch.deadline == .distantFuture else { return 1 }
    watch.worked(at: start)
    guard watch.deadline == start + .seconds(20) else { return 2 }
    // Blocks between others that stay: the C library gives them back only when it is told to.
    var blocks = (0..<40_000).map { _ in [UInt8](repeating: 1, count: 2_000) }
    let most = system_memory_resident()
    let kept = blocks.enumerated().filter { $0.offset % 100 == 0 }.map(\.element)
    blocks = []
    watch.giveBack(at: start + .seconds(19))
    guard system_memory_resident() > most - 10 << 20 else { return 3 }
    watch.giveBack(at: start + .seconds(20))
    guard system_memory_resident() < most - 40 << 20, kept.count == 400 else { return 4 }
    // What came is forgotten by and by; and who has nothing to give back is not woken for it.
    guard watch.deadline >= start + .seconds(40), watch.deadline != .distantFuture else { return 5 }
    watch.giveBack(at: watch.deadline)
    watch.giveBack(at: watch.deadline)
    return watch.deadline == .distantFuture ? 0 : 6
  }
}
