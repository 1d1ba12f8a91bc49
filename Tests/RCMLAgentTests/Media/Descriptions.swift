import RCMLSIP

@testable import RCMLAgent

/// Descriptions as they come from the wire.
extension DirectMedia {
  mutating func callerSent(_ sdp: [UInt8]) {
    if let offer = SessionDescription(reading: sdp) { callerSent(offer) }
  }
}

extension AnchoredMedia {
  mutating func callerSent(_ sdp: [UInt8]) {
    if let offer = SessionDescription(reading: sdp) { callerSent(offer) }
  }
}

extension SessionDescription {
  static func isUsable(_ sdp: [UInt8]) -> Bool {
    SessionDescription(reading: sdp)?.hasUsableAudio ?? false
  }
}
