/// One RTP stream with one party: a pair of sockets, audio both ways. Numbered by who opens it, never reused.
public struct MediaID: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// Something being played on a stream.
public struct PlaybackID: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// A file being written.
public struct RecordingID: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// A sound that can be played, kept until it is forgotten.
public struct SoundID: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
}
