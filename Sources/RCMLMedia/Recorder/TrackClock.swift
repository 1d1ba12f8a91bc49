/// Where the timestamps of a source lie in a recording, in samples from its start (spec R-7; TrackClock.table.md).
///
/// Timestamps say exactly how far apart two packets were spoken, but not when: for that there is only their arrival,
/// and the network makes packets late, never early. So the earliest of a second's packets tells the time. Up to 20 ms of
/// difference are left alone. A clock that runs away from ours – 200 ppm are 120 ms in ten minutes – gets so far in minutes, and
/// then the track is moved, in silence or by stretching what is said by less than anybody hears; what cannot be a
/// clock's error is a jump, and there the track starts anew (failures I-M4).
struct TrackClock {
  /// How a packet is laid: from where, and how many samples more than it has (or fewer) it takes up.
  struct Placement: Equatable {
    var start: Int
    var growth = 0
  }

  private struct Anchor {
    var source: UInt32
    var sequence: UInt16
    var timestamp: UInt32
    var place: Int
  }

  /// Where the track was moved last: what was spoken before that, and comes late, lies where it would have lain.
  private struct Turn {
    var timestamp: UInt32
    var by: Int
  }

  /// 20 ms, less the millisecond by which the packets of a second may mislead us.
  static let tolerance = 152
  /// One sample more or fewer in so many: a twelfth of a semitone.
  static let stretch = 160
  /// 1 ms of error is none.
  private static let slack = 8
  /// Late by more for a whole second (250 ms), or at the begin of a sentence (200 ms): the timestamps have stood
  /// still, as some telephones let them in silence.
  private static let lateLimit = 2_000
  private static let markedLimit = 1_600
  /// In the first 200 ms of a source it is not yet known where it lies: its first packet may have been late, or cut.
  private static let beginning = 1_600
  /// One second: no network, but another time.
  private static let jump = 8_000
  private static let window = 8_000
  private static let behindLimit = 8

  private var anchor: Anchor?
  private var turn: Turn?
  /// Where the source was heard first.
  private var began = 0
  private var behind = 0
  private var windowEnd = 0
  private var earliest = Int.max
  /// Samples the track is still to be moved by; 0 = it is right, or not wrong enough.
  private var owed = 0
  /// A whole second has shown it, so that it may be stretched.
  private var isCertain = false
  /// The packet before was silence; looked at only where the track is to be moved.
  private var wasQuiet = false
  /// By how much what is heard now lies too early, as of the last second.
  private(set) var error = 0

  /// The place of a packet of `count` samples whose last one was spoken, at the latest, at `now`. `other`: the error of the
  /// recording's other side, nil = there is none.
  mutating func place(
    of header: RTPHeader, count: Int, at now: Int, other: Int?, isQuiet: () -> Bool
  ) -> Placement {
    let arrival = now - count
    guard let start = locate(header), let anchor else { return restart(header, arrival, now) }
    // Out of order: it says where it belongs, and nothing about the time. Many in a row are a source that began anew.
    if Int16(bitPattern: header.sequence &- anchor.sequence) < 0 {
      behind += 1
      return behind < TrackClock.behindLimit
        ? Placement(start: start) : restart(header, arrival, now)
    }
    behind = 0
    let late = arrival - start
    if abs(late) > TrackClock.jump || header.marker && late > TrackClock.markedLimit {
      return restart(header, arrival, now)
    }
    if late < -TrackClock.tolerance, start < began + TrackClock.beginning {
      let first = began
      defer { began = first }
      return restart(header, arrival, now)
    }
    if now >= windowEnd, earliest != .max {
      if earliest > TrackClock.lateLimit { return restart(header, arrival, now) }
      measure(other)
    }
    if now >= windowEnd {
      earliest = .max
      windowEnd = now + TrackClock.window
    }
    earliest = min(earliest, late)
    // Nobody speaks before his packet comes: one is enough to show that.
    if late < -TrackClock.tolerance, late < owed { (owed, error) = (late, late) }
    if owed > 0 { owed = max(0, min(owed, late)) }
    var placement = Placement(start: start)
    if owed != 0 { move(&placement, header, count, isQuiet) }
    self.anchor = Anchor(
      source: header.source, sequence: header.sequence, timestamp: header.timestamp,
      place: placement.start + placement.growth)
    return placement
  }

  /// A second is over. What is being moved is moved to its place, not only out of the worst.
  private mutating func measure(_ other: Int?) {
    error = earliest
    let isWrong =
      abs(error) > TrackClock.tolerance
      || other.map { abs(error - $0) > TrackClock.tolerance } ?? false
    let isMoving = owed != 0 && abs(error) > TrackClock.slack
    owed = isWrong || isMoving ? error : 0
    isCertain = owed != 0
  }

  /// At the begin of a sentence, or between two packets of silence, by all of it; elsewhere so little that nobody hears it.
  private mutating func move(
    _ placement: inout Placement, _ header: RTPHeader, _ count: Int, _ isQuiet: () -> Bool
  ) {
    let quiet = isQuiet()
    defer { wasQuiet = quiet && owed != 0 }
    if header.marker || quiet && wasQuiet {
      placement.start += owed
      moved(by: owed, from: header.timestamp)
    } else if !quiet, isCertain {
      let most = max(1, count / TrackClock.stretch)
      placement.growth = owed.signum() * min(abs(owed), most)
      moved(by: placement.growth, from: header.timestamp &+ UInt32(truncatingIfNeeded: count))
    }
  }

  private mutating func moved(by samples: Int, from timestamp: UInt32) {
    turn = Turn(timestamp: timestamp, by: samples)
    owed -= samples
    error -= samples
    if earliest != .max { earliest -= samples }
  }

  /// The place of a timestamp; nil: nothing was heard of this source.
  func locate(_ header: RTPHeader) -> Int? {
    guard let anchor, anchor.source == header.source else { return nil }
    let place = anchor.place &+ Int(Int32(bitPattern: header.timestamp &- anchor.timestamp))
    guard let turn, Int32(bitPattern: header.timestamp &- turn.timestamp) < 0 else { return place }
    return place &- turn.by
  }

  private mutating func restart(_ header: RTPHeader, _ arrival: Int, _ now: Int) -> Placement {
    anchor = Anchor(
      source: header.source, sequence: header.sequence, timestamp: header.timestamp,
      place: arrival)
    windowEnd = now + TrackClock.window
    began = arrival
    (turn, earliest, owed, behind, error) = (nil, .max, 0, 0, 0)
    (isCertain, wasQuiet) = (false, false)
    return Placement(start: arrival)
  }
}
