/// Which kinds of streams are served in a dialog (spec U-53, T-15): those of other kinds are refused in their places.
public struct SDPProfiles: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `RTP/AVP` and `RTP/AVPF`: anybody can hear it.
  public static let open = SDPProfiles(rawValue: 1)
  /// Sound with keys that we understand: `RTP/SAVP` and `RTP/SAVPF`, and `RTP/AVP` of those who write keys beside it.
  public static let secret = SDPProfiles(rawValue: 2)
  /// Keys beside open sound pass to the other phone as all else does: nothing is said of secret sound here, and what phones
  /// tell each other is theirs.
  public static let theirKeys = SDPProfiles(rawValue: 8)
  /// Where nothing is said of secret sound.
  public static let usual: SDPProfiles = [.open, .theirKeys]
  /// Video with keys: it is understood by nobody here, so it only goes from phone to phone.
  public static let secretVideo = SDPProfiles(rawValue: 4)
}

extension SDPStream {
  /// The third word of its m-line.
  public enum Profile: UInt8, Hashable, Sendable {
    /// `RTP/AVP` or `RTP/AVPF`.
    case open
    /// `RTP/SAVP` or `RTP/SAVPF`: keys stand beside it.
    case secret
    /// Encrypted otherwise, or one that we do not know.
    case foreign
  }
}

extension UnsafeRawBufferPointer {
  func profile(_ word: Range<Int>) -> SDPStream.Profile {
    if equalsIgnoringCase("rtp/avp", word) || equalsIgnoringCase("rtp/avpf", word) { return .open }
    if equalsIgnoringCase("rtp/savp", word) || equalsIgnoringCase("rtp/savpf", word) {
      return .secret
    }
    return .foreign
  }
}
