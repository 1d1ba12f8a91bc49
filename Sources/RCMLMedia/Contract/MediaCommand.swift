import RCMLBasics

/// What signalling wants from media. Obeyed at once, in order.
package enum MediaCommand: Sendable {
  /// A stream whose sockets are bound; `slot` is where the reactor finds them without a search.
  case open(MediaID, slot: Int)
  /// What an offer and its answer settled. May change at any time.
  case describe(MediaID, StreamDescription)
  case close(MediaID)

  /// Whatever one party sends goes to the other, untouched where both speak the same codec.
  case join(MediaID, MediaID, Join)
  case part(MediaID)

  /// One thing is played on a stream at a time; a new one takes the place of the old.
  case play(MediaID, PlaybackID, [PlayItem])
  case stop(PlaybackID)

  case record(RecordingID, RecordingPlan)
  case endRecording(RecordingID)

  /// How two streams are joined.
  package struct Join: Hashable, Sendable {
    /// A key that is told but not passed on when the first stream's party presses it (spec L-34); 0 = none.
    package var withheldKey: UInt8
    package init(withheldKey: UInt8 = 0) { self.withheldKey = withheldKey }
  }
}
