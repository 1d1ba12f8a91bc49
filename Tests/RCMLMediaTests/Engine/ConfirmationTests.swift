import RCMLBasics
import Testing

@testable import RCMLMedia

/// Nothing goes to an address that only a stranger's SDP names (spec Y-8).
@Suite struct ConfirmationTests {
  private static let voice = [StreamDescription.Payload(0, .pcmu)]
  private static let elsewhere = SocketAddress(ipv4: 0x0a00_0042, port: 4_000)

  /// The caller is named by an SDP alone.
  private func studio() -> Studio {
    let studio = Studio()
    studio.describe(studio.caller, Studio.callerAddress, Self.voice) {
      $0.sender.isConfirmed = false
    }
    studio.packets = []
    return studio
  }

  private func toCaller(_ studio: Studio) -> [SocketAddress] {
    studio.packets.filter { $0.slot == 0 }.map(\.to)
  }

  @Test func nothingIsPlayedTo() {
    // [Y-8]
    let studio = studio()
    let tone = Tone.make([800], milliseconds: 400)
    studio.perform(.play(studio.caller, PlaybackID(1), [studio.sound(tone, times: 0)]))
    // RTCP neither.
    studio.wait(milliseconds: 12_000)
    #expect(toCaller(studio).isEmpty)
    studio.describe(studio.caller, Studio.callerAddress, Self.voice)
    studio.wait(milliseconds: 200)
    #expect(toCaller(studio).count >= 9)
  }

  @Test func nothingIsPassedOn() {
    let studio = studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    var callee = Talker(Studio.calleeAddress, slot: 1)
    #expect(callee.speak(studio, packets: 50) == 0)
    // What the party says is heard, and proves where it is.
    var caller = Talker(Studio.callerAddress)
    #expect(caller.say(studio) == Studio.calleeAddress)
    #expect(callee.say(studio) == Studio.callerAddress)
    #expect(callee.speak(studio, packets: 10) == 10)
  }

  @Test func somebodyElsesPacketsOpenNothingToTheOneThatIsNamed() {
    let studio = studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    var callee = Talker(Studio.calleeAddress, slot: 1)
    var stranger = Talker(Self.elsewhere)
    for _ in 0..<50 {
      _ = stranger.say(studio)
      // At most the one who sends is believed (U-67): it has asked.
      #expect(callee.say(studio) != Studio.callerAddress)
      studio.wait(milliseconds: 20)
    }
  }

  @Test func whatWasHeldBackLeavesNoHoleInTheNumbers() throws {
    let studio = studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    var callee = Talker(Studio.calleeAddress, slot: 1)
    #expect(callee.speak(studio, packets: 20) == 0)
    studio.describe(studio.caller, Studio.callerAddress, Self.voice)
    let first = try #require(
      studio.send(
        slot: 1, from: Studio.calleeAddress, sequence: 121, timestamp: 160 * 121,
        source: UInt32(truncatingIfNeeded: Studio.calleeAddress.low << 16) ^ 5_000, payload: [1]))
    #expect(first.header.marker && first.to == Studio.callerAddress)
  }

  @Test func untouchedStreamsAreHeldBackToo() {
    let studio = studio()
    studio.describe(studio.caller, Studio.callerAddress, Self.voice) {
      $0.isUntouched = true
      $0.sender.isConfirmed = false
    }
    studio.describe(studio.callee, Studio.calleeAddress, Self.voice) { $0.isUntouched = true }
    studio.perform(.join(studio.caller, studio.callee, .init()))
    var callee = Talker(Studio.calleeAddress, slot: 1)
    #expect(callee.speak(studio, packets: 20) == 0)
  }
}
