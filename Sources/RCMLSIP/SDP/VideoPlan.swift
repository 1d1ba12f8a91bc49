import RCMLBasics

/// A video stream that passes by here, as a description shows it.
public struct VideoPlan: Hashable, Sendable {
  public var port: UInt16
  /// `RTP/AVP` or `RTP/AVPF`.
  public var profile: [UInt8]
  /// The most wanted first.
  public var formats: [AudioFormat]
  public var direction: AudioDescription.Direction
  /// The values of a=rtcp-fb lines; those about other formats are left out.
  public var feedback: [[UInt8]]
  /// The values of b= lines.
  public var bandwidth: [[UInt8]]

  public init(
    port: UInt16, profile: [UInt8], formats: [AudioFormat],
    direction: AudioDescription.Direction = .sendrecv, feedback: [[UInt8]] = [],
    bandwidth: [[UInt8]] = []
  ) {
    self.port = port
    self.profile = profile
    self.formats = formats
    self.direction = direction
    self.feedback = feedback
    self.bandwidth = bandwidth
  }

  /// About every format, or about one of ours.
  func names(feedback value: [UInt8]) -> Bool {
    if value.first == UInt8(ascii: "*") { return true }
    let number = value.prefix { $0 >= 48 && $0 <= 57 }
    guard let payload = UInt8(String(decoding: number, as: UTF8.self)) else { return false }
    return formats.contains { $0.payload == payload }
  }
}
