import RCMLAgent
import RCMLBasics
import Testing

@testable import RCMLReactor

/// What README.md of the room promises about its parts.
struct PartsTests {
  /// What is no name fails while the core still speaks: it hears of it once it has said all, and in order.
  @Test func whatIsLearnedWhilePerformingIsToldInOrderAfterTheLastOutput() throws {
    let rig = try Rig()
    func lookUp(_ number: UInt64) -> Output {
      .names(.addresses(ResolutionID(number), host: []))
    }
    var order: [UInt64] = []
    var eventsWaiting: [UInt64] = []
    rig.core.react = { [unowned reactor = rig.reactor] heard, core in
      guard case .unresolved(let id) = heard else { return }
      order.append(id.number)
      if let counters = try? reactor.countEverything() {
        eventsWaiting.append(counters.eventsWaiting)
      }
      if id == ResolutionID(1) { core.outputs.append(lookUp(3)) }
    }
    try rig.say(lookUp(1), lookUp(2), .tell(.onCall(CallNumber(7), .ringing)))
    #expect(order == [1, 2, 3])
    #expect(eventsWaiting == [1, 1, 1])
  }

  @Test func aReactorThatNobodyHoldsIsGoneWithAllItsParts() throws {
    weak var core: FakeCore?
    weak var conversation: Conversation?
    weak var streams: Streams?
    do {
      let rig = try Rig()
      try rig.reactor.listen("udp:127.0.0.1:0")
      try rig.reactor.process()
      core = rig.core
      conversation = rig.reactor.conversation
      streams = rig.reactor.streams
      #expect(core != nil && conversation != nil && streams != nil)
    }
    #expect(core == nil && conversation == nil && streams == nil)
  }

  // MARK: exchanges that wait

  private func waiting(_ entry: String?, seconds: Int) -> WaitingExchanges.Waiting {
    .init(
      exchange: HTTPTests.exchange("http://127.0.0.1/", timeout: seconds * 1000),
      given: Instant(nanoseconds: 0), host: "127.0.0.1", port: 80, entry: entry)
  }

  @Test func exchangesBeginInTheOrderInWhichTheyGotReady() {
    var exchanges = WaitingExchanges()
    var shares = ExchangeShares()
    for number in 1...4 as ClosedRange<UInt64> {
      let new = waiting("", seconds: 1)
      exchanges.queue(ExchangeID(number), new)
      shares.add(ExchangeID(number), to: new.share, new.kind)
    }
    #expect(exchanges.forget(ExchangeID(2)) && !exchanges.forget(ExchangeID(2)))
    shares.remove(ExchangeID(2))
    #expect(exchanges.count == 3)
    var order: [UInt64] = []
    while let id = shares.next(), exchanges.begin(id) != nil { order.append(id.number) }
    #expect(order == [1, 3, 4] && exchanges.count == 0)
  }

  @Test func whatHasWaitedTooLongIsTakenOutByNumber() {
    var exchanges = WaitingExchanges()
    exchanges.queue(ExchangeID(5), waiting("", seconds: 1))
    exchanges.lookUp(ExchangeID(3), waiting(nil, seconds: 1))
    exchanges.lookUp(ExchangeID(4), waiting(nil, seconds: 2))
    let first = Instant(nanoseconds: 1_000_000_000)
    #expect(exchanges.deadline == first)
    #expect(exchanges.takeLate(Instant(nanoseconds: 999_999_999)).isEmpty)
    let late = exchanges.takeLate(first)
    #expect(late.map(\.0) == [ExchangeID(3), ExchangeID(5)])
    #expect(late.map(\.1) == [.unresolved, .noTurn])
    #expect(exchanges.deadline == Instant(nanoseconds: 2_000_000_000))
    #expect(exchanges.resolved(ExchangeID(3)) == nil)
    #expect(exchanges.resolved(ExchangeID(4)) != nil)
  }
}
