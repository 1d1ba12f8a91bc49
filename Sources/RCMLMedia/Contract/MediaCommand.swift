import RCMLBasics

/// What signalling wants from media. Obeyed at once, in order.
public enum MediaCommand: Equatable, Sendable {
  /// Streams that are opened from now on have their RTP on an even port in here.
  case usePorts(ClosedRange<UInt16>)
  /// Bind the sockets of a new stream: `opened` or `unopened` follows.
  case open(MediaID)
  /// The same for a party of the host's own: its packets come from frames and become frames, and there is no socket.
  case openFrames(MediaID, HostMedia)
  /// What an offer and its answer settled. May change at any time.
  case describe(MediaID, StreamDescription)
  case close(MediaID)

  /// Whatever one party sends goes to the other, untouched where both speak the same codec.
  case join(MediaID, MediaID, Join)
  case part(MediaID)

  /// Make a sound ready to be played: `loaded` or `unloadable` follows.
  case load(SoundID, SoundSource)
  case forget(SoundID)

  /// One thing is played on a stream at a time; a new one takes the place of the old.
  case play(MediaID, PlaybackID, [PlayItem])
  case stop(PlaybackID)

  /// A new file at `path`, WAV, readable by its owner alone; never one that is there already.
  case record(RecordingID, RecordingPlan, path: String)
  /// The other party has come: it is the second channel, or mixed in, from now on.
  case recordAlso(RecordingID, MediaID)
  case endRecording(RecordingID)
  /// It ends, and its file goes.
  case discardRecording(RecordingID)

  /// How two streams are joined.
  public struct Join: Hashable, Sendable {
    /// A key that is told but not passed on when the first stream's party presses it (spec L-34); 0 = none.
    public var withheldKey: UInt8
    public init(withheldKey: UInt8 = 0) { self.withheldKey = withheldKey }
  }
}
