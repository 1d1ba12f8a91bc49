import RCMLBasics
import RCMLMedia

/// A party that speaks in frames, as a description: to the call it is a phone with one codec.
enum FrameDescription {
  /// Empty for a party that brings its own descriptions.
  static func make(_ media: HostMedia) -> [UInt8] {
    switch media {
    case .sdp: []
    case .linear16, .pcmu: make(payload: 0)
    case .pcma: make(payload: 8)
    }
  }

  private static func make(payload: UInt8) -> [UInt8] {
    let lines = [
      "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
      "m=audio \(FramePort.address.port) RTP/AVP \(payload)", "a=ptime:20", "",
    ]
    return Array(lines.joined(separator: "\r\n").utf8)
  }
}
