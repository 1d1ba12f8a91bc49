import RCMLBasics
import Testing

@testable import RCMLMedia

/// Who is taken for lost because nothing comes (spec U-27), and who only has nothing to say.
@Suite struct SilenceTests {
  private func studio(
    limit: Interval = .seconds(5), _ change: (inout StreamDescription) -> Void = { _ in }
  ) -> Studio {
    let studio = Studio()
    describe(studio, limit: limit, change)
    return studio
  }

  private func describe(
    _ studio: Studio, limit: Interval = .seconds(5), remote: SocketAddress? = Studio.callerAddress,
    _ change: (inout StreamDescription) -> Void = { _ in }
  ) {
    studio.describe(studio.caller, remote, [.init(0, .pcmu)]) {
      $0.silenceLimit = limit
      change(&$0)
    }
  }

  // Hold: `sendonly` promises nothing, and most telephones have no music (RFC 3264 §8.4).
  @Test func aPartyThatHoldsWithSendonlyAndSendsNothingIsNotLost() {
    let studio = studio()
    var caller = Talker(Studio.callerAddress)
    _ = caller.speak(studio, packets: 10)
    describe(studio) { $0.sends = false }
    studio.wait(milliseconds: 60_000)
    #expect(studio.events.isEmpty)
    // It takes the call up again, and has the whole time to say something.
    describe(studio)
    studio.wait(milliseconds: 4_900)
    #expect(studio.events.isEmpty)
    studio.wait(milliseconds: 200)
    #expect(studio.events == [.silent(studio.caller)])
  }

  @Test func aPartyThatHoldsWithInactiveOrWithRecvonlyIsNotLost() {
    for sends in [true, false] {
      let studio = studio()
      describe(studio) { ($0.sends, $0.receives) = (sends, false) }
      studio.wait(milliseconds: 60_000)
      #expect(studio.events.isEmpty)
    }
  }

  // RFC 3264 §8.4: the old way of holding, without a direction.
  @Test func aPartyThatHoldsByNoAddressIsNotLost() {
    let studio = studio()
    describe(studio, remote: nil)
    studio.wait(milliseconds: 60_000)
    #expect(studio.events.isEmpty)
    describe(studio)
    studio.wait(milliseconds: 4_900)
    #expect(studio.events.isEmpty)
    studio.wait(milliseconds: 200)
    #expect(studio.events == [.silent(studio.caller)])
  }

  // Nobody but the named address has spoken, and it has only noise to tell (RFC 3389).
  @Test func comfortNoiseBeforeTheFirstWordIsASignOfLife() {
    let studio = studio()
    var caller = Talker(Studio.callerAddress)
    for _ in 0..<20 {
      _ = caller.say(studio, type: 13, [60])
      studio.wait(milliseconds: 1_000)
    }
    #expect(studio.events.isEmpty)
    var stranger = Talker(SocketAddress(ipv4: 0xc633_6407, port: 7_000))
    for _ in 0..<6 {
      _ = stranger.say(studio, type: 13, [60])
      studio.wait(milliseconds: 1_000)
    }
    #expect(studio.events == [.silent(studio.caller)])
  }

  // The limit begins with the bridge: what was not said while it rang is no silence.
  @Test func whoeverIsWatchedFromNowOnHasTheWholeTime() {
    let studio = studio(limit: .zero)
    studio.wait(milliseconds: 30_000)
    describe(studio)
    studio.wait(milliseconds: 4_900)
    #expect(studio.events.isEmpty)
    studio.wait(milliseconds: 200)
    #expect(studio.events == [.silent(studio.caller)])
  }

  @Test func aPartyThatIsNotOnHoldAndSaysNothingIsLostAfterAHoldToo() {
    let studio = studio()
    var caller = Talker(Studio.callerAddress)
    for _ in 0..<3 {
      describe(studio) { $0.sends = false }
      studio.wait(milliseconds: 20_000)
      describe(studio)
      #expect(caller.speak(studio, packets: 50) == 0)
    }
    #expect(studio.events.isEmpty)
    studio.wait(milliseconds: 5_100)
    #expect(studio.events == [.silent(studio.caller)])
  }
}
