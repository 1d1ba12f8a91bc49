import RCMLAgent
import RCMLBasics
import Testing

@testable import RCMLReactor

/// Whose turn it is among exchanges [Y-10].
struct ExchangeSharesTests {
  private typealias Host = ExchangeShares.Host
  private static let slow = Host(name: "slow", port: 80)
  private static let quick = Host(name: "quick", port: 80)

  private func begun(_ shares: inout ExchangeShares) -> [UInt64] {
    var begun: [UInt64] = []
    while let id = shares.next() { begun.append(id.number) }
    return begun
  }

  private func add(
    _ numbers: ClosedRange<UInt64>, to host: Host, _ shares: inout ExchangeShares,
    as kind: ExchangeShares.Kind = .document
  ) {
    for number in numbers { shares.add(ExchangeID(number), to: host, kind) }
  }

  @Test func aHostHasItsShareAndTheOthersHaveTheirs() {
    var shares = ExchangeShares()
    add(1...1_000, to: Self.slow, &shares)
    #expect(begun(&shares) == Array(1...32))
    add(2_001...2_001, to: Self.quick, &shares)
    #expect(begun(&shares) == [2_001])
    #expect(shares.runningCount == 33 && shares.waitingCount == 968)
    let ran1 = shares.remove(ExchangeID(7))
    #expect(ran1)
    #expect(begun(&shares) == [33])
  }

  @Test func anotherPortIsAnotherHost() {
    var shares = ExchangeShares()
    add(1...40, to: Self.slow, &shares)
    add(41...80, to: Host(name: "slow", port: 81), &shares)
    #expect(begun(&shares).count == 64)
  }

  @Test func documentsComeBeforeCallbacksAndCallbacksNeverHaveAll() {
    var shares = ExchangeShares()
    add(1...100, to: Self.slow, &shares, as: .callback)
    #expect(begun(&shares) == Array(1...24))
    add(101...110, to: Self.slow, &shares)
    #expect(begun(&shares) == Array(101...108))
    // Room for one: the document is first, whoever came first.
    shares.remove(ExchangeID(1))
    #expect(begun(&shares) == [109])
  }

  @Test func ofAllThatRunSomeAreLeftToDocuments() {
    var shares = ExchangeShares()
    for host in 0..<20 {
      add(
        UInt64(host * 100 + 1)...UInt64(host * 100 + 20), to: Host(name: "h\(host)", port: 1),
        &shares, as: .callback)
    }
    #expect(begun(&shares).count == 192)
    for host in 20..<40 {
      add(
        UInt64(host * 100 + 1)...UInt64(host * 100 + 20), to: Host(name: "h\(host)", port: 1),
        &shares)
    }
    #expect(begun(&shares).count == 64)
    #expect(!shares.hasTurn)
    shares.remove(ExchangeID(1))
    #expect(shares.hasTurn)
  }

  @Test func hostsTakeTurns() {
    var shares = ExchangeShares(bounds: .init(all: 6, callbacks: 6, ofHost: 4, callbacksOfHost: 4))
    add(1...4, to: Self.slow, &shares)
    add(11...14, to: Self.quick, &shares)
    #expect(begun(&shares) == [1, 11, 2, 12, 3, 13])
  }

  @Test func whoWaitsNoMoreIsPassedOver() {
    var shares = ExchangeShares(bounds: .init(all: 1, callbacks: 1, ofHost: 1, callbacksOfHost: 1))
    add(1...3, to: Self.slow, &shares)
    #expect(begun(&shares) == [1])
    let ran2 = shares.remove(ExchangeID(2))
    #expect(!ran2)
    let ran3 = shares.remove(ExchangeID(1))
    #expect(ran3)
    #expect(begun(&shares) == [3])
    let ran4 = shares.remove(ExchangeID(3))
    #expect(ran4)
    #expect(shares.runningCount == 0 && shares.waitingCount == 0 && !shares.hasTurn)
  }

  /// In the loop: a thousand that hang, and one server that answers.
  @Test func aServerThatHangsDelaysNoOther() throws {
    let rig = try Rig()
    let hanging = try rig.reactor.listen("tcp:127.0.0.1:0").address.port
    let answering = try rig.reactor.listen("tcp:127.0.0.1:0")
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    rig.core.react = { heard, core in
      guard case .bytes(let id, let bytes) = heard else { return }
      guard String(decoding: bytes, as: UTF8.self).contains(":\(answering.address.port)\r\n") else {
        return
      }
      core.outputs.append(.network(.sendStream(id, bytes: Array(answer.utf8))))
    }
    for number in 1...1_000 {
      var exchange = HTTPTests.exchange("http://127.0.0.1:\(hanging)/", timeout: 60_000)
      exchange.isCallback = number % 2 == 0
      try rig.say(.web(ExchangeID(UInt64(number)), .begin(exchange)))
    }
    for _ in 0..<20 { try rig.reactor.wait(milliseconds: 5) }
    let clock = ContinuousClock()
    let begun = clock.now
    try rig.say(
      .web(
        ExchangeID(2_000),
        .begin(HTTPTests.exchange("http://127.0.0.1:\(answering.address.port)/"))))
    let status = try rig.hear { heard -> UInt16? in
      guard case .answered(ExchangeID(2_000), let answer) = heard else { return nil }
      return answer.status
    }
    #expect(status == 200)
    #expect(clock.now - begun < .seconds(1))
    #expect(try rig.reactor.countEverything().exchangesActive == 1_000)
  }

  /// Y-13.
  @Test func thoseThatNeverGetTheirTurnAreToldAndCounted() throws {
    let rig = try Rig()
    let hanging = try rig.reactor.listen("tcp:127.0.0.1:0").address.port
    for number in 1...40 {
      let timeout = number <= 32 ? 60_000 : 300
      try rig.say(
        .web(
          ExchangeID(UInt64(number)),
          .begin(HTTPTests.exchange("http://127.0.0.1:\(hanging)/", timeout: timeout))))
    }
    var failures: [HTTPFailure] = []
    #expect(
      try rig.turn {
        failures = rig.core.heard.compactMap { heard in
          guard case .exchangeFailed(_, let failure) = heard else { return nil }
          return failure
        }
        return failures.count >= 8
      })
    #expect(failures == Array(repeating: .noTurn, count: 8))
    var told: [String] = []
    while let event = try rig.reactor.nextEvent() {
      if case .finding(nil, let finding) = event { told.append(finding.text) }
    }
    #expect(told.count == 1 && told.first?.hasPrefix("8 web requests were refused") == true)
    #expect(try rig.reactor.countEverything().refusedByLimit[.webTurns] == 8)
  }
}
