import RCMLMedia
import RCMLSIP

extension PartyDescription {
  /// As SDP.
  var octets: [UInt8] {
    switch self {
    case .sdp(let octets): return octets
    case .frames(let frames):
      let lines = [
        "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
        "m=audio \(FramePort.address.port) RTP/AVP \(frames.format.payload)", "a=ptime:20", "",
      ]
      return Array(lines.joined(separator: "\r\n").utf8)
    }
  }
}
