import RCMLBasics
import RCMLDial
import RCMLMedia
import Testing

@testable import RCMLAgent

/// Media that comes by here, without an engine.
struct AnchoredMediaTests {
  // U-27, failures I-M2
  @Test func aCallerWhoHasLeftIsNotDescribedAgainWhenTheBridgeEnds() {
    var settings = MediaSettings()
    settings.silenceLimit = .seconds(30)
    let (stream, leg) = (MediaID(1), LegNumber(0))
    var media = AnchoredMedia(callerStream: stream, origin: 1, settings: settings)
    media.opened(stream, port: 20_000)
    media.callerSent(AgentWorld.offer)
    media.addLeg(leg, stream: MediaID(2))
    media.opened(MediaID(2), port: 20_002)
    _ = media.offerForLeg(leg, isSpoken: false)
    var effects: [MediaEffect] = []
    #expect(media.legAnswered(leg, AgentWorld.sdp(port: 6000), &effects))
    #expect(media.answerForCaller(with: leg, &effects) != nil)
    media.bridged(leg, withheldKey: 0, &effects)
    media.callerLeft()
    effects = []
    media.unbridged(leg, &effects)
    #expect(effects == [.part(stream)])
  }
}
