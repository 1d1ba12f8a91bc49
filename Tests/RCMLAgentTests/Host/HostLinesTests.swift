import RCMLBasics
import RCMLSIP
import Testing

@testable import RCMLAgent

/// What a party of the host's is told while the way to its sound is being found out.
struct HostLinesTests {
  @Test func whatEndsAPartyIsToldThoughWhatWasBeforeItStillWaits() {
    for (wish, told) in [
      (
        HostLineMachine.Wish.reject(code: 603, phrase: "No"),
        HostAction.reject(code: 603, phrase: "No")
      ),
      (.end, .hangUp),
    ] {
      var lines = HostLines()
      let session = lines.add(HostLine(media: .sdp, isCaller: true, brings: true, shown: nil))
      lines.placeMedia(of: session)
      #expect(lines.take(.ring(code: 183, sdp: [1]), on: session) == [])
      #expect(lines.take(wish, on: session) == [told])
      #expect(lines[session] == nil)
      #expect(lines.routeFound(to: session, local: .loopback) == [])
    }
  }

  @Test func whatWaitedComesInItsOrderWhenTheWayIsFound() {
    var lines = HostLines()
    let session = lines.add(HostLine(media: .sdp, isCaller: true, brings: true, shown: nil))
    lines.placeMedia(of: session)
    #expect(lines.take(.ring(code: 180, sdp: []), on: session) == [])
    #expect(lines.take(.ring(code: 181, sdp: []), on: session) == [])
    #expect(
      lines.routeFound(to: session, local: .loopback)
        == [.ring(code: 180, sdp: []), .ring(code: 181, sdp: [])])
  }
}
