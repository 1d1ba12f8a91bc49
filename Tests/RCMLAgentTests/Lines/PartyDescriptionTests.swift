import RCMLBasics
import RCMLSIP
import Testing

@testable import RCMLAgent

/// A party that speaks in frames is described without a word of SDP.
struct PartyDescriptionTests {
  @Test(arguments: [(HostMedia.linear16, 0), (.pcmu, 0), (.pcma, 8)])
  func framesAreAPhoneWithOneFormat(media: HostMedia, payload: Int) throws {
    let frames = try #require(FrameDescription(media))
    let session = try #require(PartyDescription.frames(frames).session)
    #expect(session.body.isEmpty && session.streams.count == 1 && session.hasUsableAudio)
    #expect(session.video == nil && session.directions == .all)
    let spoken = try #require(
      SessionDescription(
        reading: Array(
          """
          v=0\r
          o=- 1 1 IN IP4 127.0.0.1\r
          s=-\r
          c=IN IP4 127.0.0.1\r
          t=0 0\r
          m=audio 9 RTP/AVP \(payload)\r
          a=ptime:20\r

          """.utf8)))
    #expect(session.audio == spoken.audio)
  }

  @Test func whatAPhoneSaysIsRead() {
    let sdp = AgentWorld.sdp(port: 4_000)
    #expect(PartyDescription.sdp(sdp).session?.body == sdp)
    #expect(PartyDescription.sdp([1]).session == nil && PartyDescription.none.session == nil)
    #expect(FrameDescription(.sdp) == nil)
  }

  /// It is nowhere that a phone could send to.
  @Test func framesAreRelayedToNobody() throws {
    let frames = try #require(FrameDescription(.pcma)?.session)
    let phone = try #require(SessionDescription(reading: AgentWorld.sdp(port: 4_000)))
    #expect(!SDPDraft.canAnswer(phone, with: frames) && !SDPDraft.canAnswer(frames, with: phone))
    let place = AgentWorld.place(5060)
    for places in [SDPPlaces.offer(after: nil), .offer(after: phone), .answer(to: phone)] {
      let draft = SDPDraft.relaying(frames, to: places, .all)
      let written = SessionDescription(
        written: draft.written(by: SDPOrigin(sessionID: 1, address: place), version: 1))
      #expect(written.streams.map(\.kind) == [.audio])
      #expect(written.audio?.direction == .inactive)
    }
    // Whoever answers or follows it finds its stream in its place.
    for places in [SDPPlaces.offer(after: frames), .answer(to: frames)] {
      let draft = SDPDraft.relaying(phone, to: places, .all)
      let written = SessionDescription(
        written: draft.written(by: SDPOrigin(sessionID: 1, address: place), version: 1))
      #expect(written.streams.map(\.kind) == [.audio])
    }
  }
}
