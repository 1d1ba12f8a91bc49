/// The sound of a world: who says what and when, and what is wrong with it.
package struct SoundScenario: Sendable {
  package var callers: [VoiceScript] = []
  package var callees: [VoiceScript] = []
  /// Streams that may be open at once.
  package var portLimit = 1_000
  /// When a stranger sends three packets in a row to every port there may be, in milliseconds from the start.
  package var sprays: [Int] = []
  /// When somebody sends to the ports of those who are heard through a NAT, from behind the same NAT, in milliseconds from
  /// the start.
  package var neighbours: [Int] = []
  /// `rtp_lock`.
  package var lock = "once"
  /// Every Dial has hangupOnStar: no called party ever hears a `*`.
  package var starEndsEveryDial = false
  package var earlyMedia = "single"
  /// A called party that is screened may be recorded: when it is hung up on, nobody is told of that.
  package var recordsScreened = false
  /// Somebody hears music instead of ringing, and it may come late.
  package var hasMusic = false
}
