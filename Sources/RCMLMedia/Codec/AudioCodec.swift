/// An encoding as SDP names it (RFC 4566 §6, RFC 3551 §6).
public enum AudioCodec: Hashable, Sendable {
  case pcmu
  case pcma
  /// Keys (RFC 4733).
  case telephoneEvent(rate: UInt32)
  /// Comfort noise (RFC 3389).
  case comfortNoise
  /// Anything else is passed on when both sides name it alike: `opus/48000/2` with its `fmtp`, in lower case.
  case other([UInt8])

  public var law: G711.Law? {
    switch self {
    case .pcmu: .mu
    case .pcma: .a
    case .telephoneEvent, .comfortNoise, .other: nil
    }
  }

  /// Timestamp units a second, 8,000 where the name says nothing; nil = no audio by itself.
  var rate: UInt64? {
    switch self {
    case .pcmu, .pcma: return 8_000
    case .telephoneEvent, .comfortNoise: return nil
    case .other(let name):
      var rate: UInt64 = 0
      for octet in name.drop(while: { $0 != UInt8(ascii: "/") }).dropFirst().prefix(6) {
        guard octet >= 48, octet <= 57 else { break }
        rate = rate * 10 + UInt64(octet - 48)
      }
      return rate == 0 ? 8_000 : rate
    }
  }
}
