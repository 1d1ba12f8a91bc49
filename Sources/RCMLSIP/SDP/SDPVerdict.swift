import RCMLBasics

/// What a session description is worth to a call.
public enum SDPVerdict: Sendable {
  /// It is none, or passes a limit; the reason is for a log.
  case unusable(StaticString)
  /// It is one, and has this to say about audio.
  case description(AudioDescription)

  /// The audio stream that can be used; nil = nothing to hear or say with this peer.
  public var usableAudio: AudioDescription? {
    switch self {
    case .unusable: nil
    case .description(let audio): audio.hasAudio ? audio : nil
    }
  }
}

/// The first audio stream of a session description that is served and not refused (RFC 4566, RFC 3264, spec U-53).
public struct AudioDescription: Hashable, Sendable {
  public enum Direction: UInt8, Hashable, Sendable { case sendrecv, sendonly, recvonly, inactive }

  /// No audio stream, or all of them refused: `port` is 0 and the rest says nothing.
  public var hasAudio = false
  /// Which m-line it is, from 0.
  public var index = 0
  public var port: UInt16 = 0
  /// The connection address with `port`; nil = missing, or a host name.
  public var address: SocketAddress?
  public var direction = Direction.sendrecv
  /// In the order of preference.
  public var payloads: [UInt8] = []
  /// The payload type of telephone-event, if it is offered (RFC 4733).
  public var telephoneEvent: UInt8?
  /// What the payload types mean, in the same order.
  public var formats: [AudioFormat] = []
  /// `a=ptime` in milliseconds; 0 = nothing is said.
  public var packetTime = 0
  /// Where the peer wants its RTCP: `a=rtcp` (RFC 3605), else the next port; nil = nowhere.
  public var control: SocketAddress?
  /// Number of m-lines, refused ones too.
  public var mediaCount = 0
  /// `RTP/AVP` or `RTP/AVPF`, as it was written.
  public var profile: [UInt8] = []

  init(mediaCount: Int = 0) { self.mediaCount = mediaCount }

  /// The one stream of a party that has no words of its own.
  init(of format: AudioFormat, at place: SocketAddress, packetTime: Int) {
    hasAudio = true
    port = place.port
    address = place
    control = place
    control?.port = place.port &+ 1
    payloads = [format.payload]
    formats = [format]
    profile = Array("RTP/AVP".utf8)
    self.packetTime = packetTime
    mediaCount = 1
  }

  /// The peer does not want to hear us: a=sendonly, a=inactive, or the old c=0.0.0.0 (RFC 3264 §8.4).
  public var isHold: Bool {
    direction == .sendonly || direction == .inactive
      || (address.map { $0.family == .ipv4 && $0.isWildcard } ?? false)
  }
}
