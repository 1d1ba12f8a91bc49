/// One m-line of a session description: what decides whether it can be used.
public struct SDPStream: Hashable, Sendable {
  public enum Kind: UInt8, Hashable, Sendable { case audio, video, other }

  public var kind: Kind
  /// 0 = refused, or ended.
  public var port: UInt16
  /// It may be used in its dialog; read alone, its profile is `RTP/AVP` or `RTP/AVPF` (spec U-53).
  public var isServed: Bool
  public var profile = Profile.open
  /// It has keys, and is used with them (spec T-15).
  public var isSecret = false
  /// Its keys are told to nobody else (spec T-16).
  var hidesKeys = false
  public var direction: AudioDescription.Direction
  /// Its m-line among the lines, and the first line behind its last.
  var lines: Range<Int>

  public var isOn: Bool { port != 0 }

  /// Audio and video of another profile (encrypted, or one we do not know) cannot be used.
  public var isUsable: Bool { isOn && (kind == .other || isServed) }
}

extension AudioDescription.Direction {
  public var sends: Bool { self == .sendrecv || self == .sendonly }
  public var receives: Bool { self == .sendrecv || self == .recvonly }

  public init(sends: Bool, receives: Bool) {
    self =
      switch (sends, receives) {
      case (true, true): .sendrecv
      case (true, false): .sendonly
      case (false, true): .recvonly
      case (false, false): .inactive
      }
  }

  /// As an answer has it (RFC 3264 §6.1).
  public var answered: AudioDescription.Direction {
    AudioDescription.Direction(sends: receives, receives: sends)
  }
}

/// The directions of all streams of a description: a bit for each, the first stream's the lowest.
public struct SDPDirections: Hashable, Sendable {
  public var sends: UInt16
  public var receives: UInt16

  public init(sends: UInt16, receives: UInt16) {
    self.sends = sends
    self.receives = receives
  }

  public static let all = SDPDirections(sends: .max, receives: .max)

  public subscript(place: Int) -> AudioDescription.Direction {
    // A description has at most sixteen streams.
    let bit: UInt16 = 1 << (UInt16(truncatingIfNeeded: place) & 15)
    return .init(sends: sends & bit != 0, receives: receives & bit != 0)
  }

  /// What an answer to them may say at most (RFC 3264 §6.1).
  public var answered: SDPDirections { SDPDirections(sends: receives, receives: sends) }

  public func within(_ other: SDPDirections) -> SDPDirections {
    SDPDirections(sends: sends & other.sends, receives: receives & other.receives)
  }
}
