import RCMLBasics

/// The first video stream of a session description that is not refused, as far as it can be passed on without being
/// understood (RFC 4566, RFC 3264, RFC 4585).
public struct VideoDescription: Hashable, Sendable {
  /// Which m-line it is, from 0.
  public var index: Int
  /// The connection address with its port; nil = missing, or a host name.
  public var address: SocketAddress?
  /// Where the peer wants its RTCP; nil = nowhere.
  public var control: SocketAddress?
  public var direction: AudioDescription.Direction
  /// `RTP/AVP` or `RTP/AVPF`.
  public var profile: [UInt8]
  /// In the order of preference; numbers that nobody explained are left out.
  public var formats: [AudioFormat]
  /// The values of its a=rtcp-fb lines.
  public var feedback: [[UInt8]]
  /// The values of its b= lines.
  public var bandwidth: [[UInt8]]
}

extension SessionDescription {
  /// How many a=rtcp-fb lines of a stream are believed.
  static let feedbackLimit = 64
}

extension VideoDescription {
  /// What the numbers below 96 mean without an rtpmap (RFC 3551 table 5), as far as phones use them.
  static func fixed(_ payload: UInt8) -> [UInt8] {
    switch payload {
    case 26: Array("jpeg/90000".utf8)
    case 31: Array("h261/90000".utf8)
    case 34: Array("h263/90000".utf8)
    default: []
    }
  }
}
