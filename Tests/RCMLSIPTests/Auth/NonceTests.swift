import RCMLBasics
import Testing

@testable import RCMLSIP

/// Nonces take no memory of their own: any number of callers may be asked (failures A3).
@Suite struct NonceTests {
  private static let alice = Credentials(username: "alice", password: "secret")
  private static let uri = "sip:alice@10.0.0.1"

  /// An INVITE with these credentials.
  private static func message(_ authorization: [UInt8], to uri: String = uri) -> Message? {
    let text =
      "INVITE \(uri) SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
      + "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
      + "Authorization: " + String(decoding: authorization, as: UTF8.self)
      + "\r\nContent-Length: 0\r\n\r\n"
    return Array(text.utf8).withUnsafeBytes { MessageReader.glance($0, over: .udp) }
  }

  private static func judge(
    _ callers: inout CallerAuthentication, _ answer: [UInt8], to uri: String = uri, at now: Instant
  ) -> CallerAuthentication.Verdict? {
    guard let message = message(answer, to: uri) else { return nil }
    return callers.judge(message, alice, at: now)
  }

  private static func answer(
    _ callers: inout CallerAuthentication, at now: Instant, count: Int = 1
  ) -> [UInt8] {
    let nonce = callers.makeNonce(at: now)
    let fields = CallerAuthentication.challenges(nonce, isStale: false, plain: false)
    guard let challenge = Challenge.read(fields.map { $0[...] }, .origin).first else { return [] }
    var answer = ChallengeAnswer(challenge, alice, random: 7)
    var line: HeaderLine?
    for _ in 0..<count {
      line = answer.line(method: Array("INVITE".utf8), uri: Array(uri.utf8), body: [])
    }
    return line?.value ?? []
  }

  @Test func tenThousandCallsOfAMinuteOpenTheDoorAtTheirFirstAnswerAndNoneOfThemTwice() {
    var callers = CallerAuthentication(key: (1, 2))
    var now = Instant(nanoseconds: 1_000_000_000)
    var overheard: [[UInt8]] = []
    var accepted = 0
    for _ in 0..<10_000 {
      let answer = Self.answer(&callers, at: now)
      now = now + .milliseconds(6)
      if Self.judge(&callers, answer, at: now) == .accepted { accepted += 1 }
      overheard.append(answer)
    }
    #expect(accepted == 10_000)
    var again: [CallerAuthentication.Verdict: Int] = [:]
    for (place, answer) in overheard.enumerated() {
      // To another URI, too: it is not the answer's.
      let uri = place % 2 == 0 ? Self.uri : "sip:mallory@10.0.0.1"
      if let verdict = Self.judge(&callers, answer, to: uri, at: now) {
        again[verdict, default: 0] += 1
      }
    }
    #expect(again == [.stale: 10_000])
  }

  /// The nonces that were asked for and never answered cost nobody his.
  @Test func aFloodOfChallengesKeepsNobodyOut() {
    var callers = CallerAuthentication(key: (1, 2))
    let now = Instant(nanoseconds: 1_000_000_000)
    let answer = Self.answer(&callers, at: now)
    for _ in 0..<200_000 { _ = callers.makeNonce(at: now) }
    #expect(Self.judge(&callers, answer, at: now + .seconds(29)) == .accepted)
    #expect(Self.judge(&callers, answer, at: now + .seconds(29)) == .stale)
  }

  @Test func aCountIsTakenOnceAndOnlyUpwards() {
    let now = Instant(nanoseconds: 1_000_000_000)
    var counts = NonceCounts(lifetime: .seconds(30))
    func use(_ number: UInt64, _ count: UInt32, at now: Instant) -> Bool {
      counts.use(number, count, at: now)
    }
    let number = counts.nextNumber(at: now)
    #expect(use(number, 2, at: now))
    for count in [0, 1, 2] as [UInt32] {
      #expect(!use(number, count, at: now))
    }
    #expect(use(number, 3, at: now) && use(number, .max, at: now))
    #expect(!use(number, .max, at: now))
    #expect(!use(number + 1, 1, at: now))
  }

  /// The window: the oldest number in it, and the one before.
  @Test func aNumberThatLeavesTheWindowIsTooOldToTell() {
    let now = Instant(nanoseconds: 1_000_000_000)
    var counts = NonceCounts(lifetime: .seconds(30))
    func use(_ number: UInt64, _ count: UInt32, at now: Instant) -> Bool {
      counts.use(number, count, at: now)
    }
    for _ in 0..<(NonceCounts.span + 1) { _ = counts.nextNumber(at: now) }
    #expect(!use(0, 1, at: now))
    #expect(use(1, 1, at: now))
    #expect(!use(1, 1, at: now))
    #expect(use(NonceCounts.span, 1, at: now))
  }

  /// Pages that nobody can use any more go, and there are never more than the window has.
  @Test func theRoomIsBounded() {
    var now = Instant(nanoseconds: 1_000_000_000)
    var counts = NonceCounts(lifetime: .seconds(30))
    func use(_ number: UInt64, _ count: UInt32, at now: Instant) -> Bool {
      counts.use(number, count, at: now)
    }
    for step in 0..<200_000 {
      let number = counts.nextNumber(at: now)
      if step % 512 == 0 { #expect(use(number, 1, at: now)) }
      now = now + .milliseconds(1)
      #expect(counts.pageCount <= 32)
    }
    var crowded = NonceCounts(lifetime: .seconds(30))
    for _ in 0..<(NonceCounts.span * 2) {
      let number = crowded.nextNumber(at: now)
      if number % 1_024 == 0 { _ = crowded.use(number, 1, at: now) }
    }
    #expect(crowded.pageCount <= Int(NonceCounts.span) / 1_024 + 1)
  }
}
