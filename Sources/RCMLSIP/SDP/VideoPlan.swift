import RCMLBasics

/// A video stream that passes by here, as a description shows it.
package struct VideoPlan: Hashable, Sendable {
  package var port: UInt16
  /// `RTP/AVP` or `RTP/AVPF`.
  package var profile: [UInt8]
  /// The most wanted first.
  package var formats: [AudioFormat]
  package var direction: AudioDescription.Direction
  /// The values of a=rtcp-fb lines; those about other formats are left out.
  package var feedback: [[UInt8]]
  /// The values of b= lines.
  package var bandwidth: [[UInt8]]

  package init(
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
