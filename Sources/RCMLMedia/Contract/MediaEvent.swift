/// What signalling is told. Order is meaning.
public enum MediaEvent: Hashable, Sendable {
  /// The stream's RTP has this port on every address of this machine; RTCP has the next one (RFC 3550 §11).
  case opened(MediaID, port: UInt16)
  /// There is no port, or no descriptor.
  case unopened(MediaID)
  /// The sound can be played.
  case loaded(SoundID, milliseconds: Int)
  case unloadable(SoundID, SoundProblem)
  /// One press of a key (RFC 4733), each once (spec U-25).
  case digit(MediaID, UInt8)
  /// The last item was played to its end.
  case played(PlaybackID)
  /// The stream has no codec we can speak.
  case unplayable(PlaybackID)
  case recorded(RecordingID, RecordingResult)
  /// Nothing came from the party for as long as its description allows (spec U-27).
  case silent(MediaID)
  /// Somebody else sends as the party does, and there is nobody to vouch for either: the first of them is believed
  /// (spec U-67). Told once a description.
  case contested(MediaID)
  /// How a party is heard. Only while somebody keeps a trace (`tellsReception`), with each report to the party.
  case reception(MediaID, StreamReception)
}

/// How a party's packets came since its stream began (RFC 3550 §6.4.1).
public struct StreamReception: Hashable, Sendable {
  public var packets: UInt64
  /// Expected less received: packets that came twice make it negative.
  public var lost: Int
  /// The variation of the time between packets.
  public var jitterMicroseconds: Int

  public init(packets: UInt64, lost: Int, jitterMicroseconds: Int) {
    self.packets = packets
    self.lost = lost
    self.jitterMicroseconds = jitterMicroseconds
  }
}

/// How a recording ended.
public struct RecordingResult: Hashable, Sendable {
  public enum Reason: UInt8, Sendable {
    case stopped
    case silence
    case maximum
    /// The file could not be written; what was written before is whole.
    case failed
  }
  public var reason: Reason
  public var milliseconds: Int
  /// Nothing louder than the noise of a line was heard.
  public var isEmpty: Bool
  /// So much of it is silence because the disk did not take it in time (spec Y-7).
  public var lostMilliseconds: Int

  public init(reason: Reason, milliseconds: Int, isEmpty: Bool, lostMilliseconds: Int = 0) {
    self.reason = reason
    self.milliseconds = milliseconds
    self.isEmpty = isEmpty
    self.lostMilliseconds = lostMilliseconds
  }
}
