import RCMLBasics
import RCMLMedia
import RCMLSIP

/// A party that speaks in frames, as a description: to the call it is a phone with one codec.
struct FrameDescription: Hashable {
  /// Not `.sdp`.
  let media: HostMedia

  /// Nil: the party brings descriptions of its own.
  init?(_ media: HostMedia) {
    guard media.isFrames else { return nil }
    self.media = media
  }

  /// What the party can hear and speak.
  var format: AudioFormat {
    switch media {
    case .sdp, .linear16, .pcmu: .pcmu
    case .pcma: .pcma
    }
  }

  /// One stream of one format, to and from the place that stands for frames.
  var session: SessionDescription {
    SessionDescription(speaking: format, at: FramePort.address, packetTime: 20)
  }
}
