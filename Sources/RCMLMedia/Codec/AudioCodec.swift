/// An encoding as SDP names it (RFC 4566 §6, RFC 3551 §6).
package enum AudioCodec: Hashable, Sendable {
  case pcmu
  case pcma
  /// Keys (RFC 4733).
  case telephoneEvent(rate: UInt32)
  /// Comfort noise (RFC 3389).
  case comfortNoise
  /// Anything else is passed on when both sides name it alike: `opus/48000/2` with its `fmtp`, in lower case.
  case other([UInt8])

  package var law: G711.Law? {
    switch self {
    case .pcmu: .mu
    case .pcma: .a
    case .telephoneEvent, .comfortNoise, .other: nil
    }
  }
}
