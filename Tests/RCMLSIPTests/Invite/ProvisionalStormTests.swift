import RCMLBasics
import Testing

@testable import RCMLSIP

/// Callees that say too much, or what is too long (attacks 4d and 5b).
@Suite struct ProvisionalStormTests {
  @Test func tenThousandProvisionalResponsesAreNotTenThousandEvents() throws {
    let bench = Bench()
    _ = bench.call()
    let invite = try #require(bench.news().first)
    for number in 0..<10_000 {
      bench.receive(bench.answer(invite, 183, tag: "t\(number)", body: "v=0\r\n"))
      if number % 1_000 == 999 { bench.advance(.milliseconds(500)) }
    }
    let told = bench.eventNames.filter { $0 == "provisional" }.count
    #expect((16...22).contains(told), "\(told)")
    // Its answer is heard all the same.
    bench.receive(bench.answer(invite, 200, tag: "t1", body: "v=0\r\n"))
    #expect(bench.eventNames.last == "answered")
  }

  @Test func aSlowPhoneIsHeardEachTime() throws {
    let bench = Bench()
    _ = bench.call()
    let invite = try #require(bench.news().first)
    for number in 0..<30 {
      bench.receive(bench.answer(invite, number % 2 == 0 ? 180 : 183))
      bench.advance(.milliseconds(1_000))
    }
    #expect(bench.eventNames.filter { $0 == "provisional" }.count == 30)
  }

  @Test(arguments: [8_000, 17_000, 30_000, 60_000]) func aChallengeThatIsTooLongEndsTheLegAtOnce(
    octets: Int
  ) throws {
    let bench = Bench()
    _ = bench.call(credentials: Credentials(username: "alice", password: "secret"))
    let invite = try #require(bench.news().first)
    let nonce = String(repeating: "n", count: octets)
    bench.receive(
      bench.answer(
        invite, 401, extra: [#"WWW-Authenticate: Digest realm="home", nonce="\#(nonce)""#]))
    #expect(bench.eventNames == ["rejected", "ended"])
    #expect(bench.news().map(\.method) == ["ACK"])
    bench.expectQuiet()
  }

  @Test func anAnswerThatIsTooLongIsStillNone() throws {
    let bench = Bench()
    _ = bench.call()
    let invite = try #require(bench.news().first)
    let long = "X-Long: " + String(repeating: "x", count: 20_000)
    for code in [180, 200] { bench.receive(bench.answer(invite, code, extra: [long])) }
    #expect(bench.eventNames.isEmpty)
  }
}
