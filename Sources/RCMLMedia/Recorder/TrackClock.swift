/// Where the timestamps of a source lie in a recording, in samples from its start.
///
/// Timestamps say exactly how far apart two packets were spoken, but not when: for that there is only their arrival,
/// and the network makes packets late, never early. So the earliest of a second's packets tells the time. A clock
/// that runs away from ours — 200 ppm are 120 ms in ten minutes — is followed by a sample a packet, which
/// nobody hears; what cannot be a clock's error is a jump, and there the track starts anew (failures I-M4).
struct TrackClock {
  private struct Anchor {
    var source: UInt32
    var sequence: UInt16
    var timestamp: UInt32
    var place: Int
  }

  /// Nobody speaks before his packet comes: so much earlier (20 ms), and the track was placed too late.
  private static let earlyLimit = 160
  /// Late by more for a whole second (250 ms), or at the begin of a sentence (200 ms): the timestamps have stood
  /// still, as some telephones let them in silence.
  private static let lateLimit = 2_000
  private static let markedLimit = 1_600
  /// One second: no network, but another time.
  private static let jump = 8_000
  private static let window = 8_000
  /// 1 ms of error is none.
  private static let slack = 8

  private static let behindLimit = 8

  private var anchor: Anchor?
  private var behind = 0
  private var windowEnd = 0
  private var earliest = Int.max
  /// Samples the track is still to be moved by.
  private var owed = 0

  /// The place of a packet of `count` samples whose last one was spoken, at the latest, at `now`.
  mutating func place(of header: RTPHeader, count: Int, at now: Int) -> Int {
    let arrival = now - count
    guard var start = locate(header), let anchor else { return restart(header, arrival, now) }
    // Out of order: it says where it belongs, and nothing about the time. Many in a row are a source that began anew.
    if Int16(bitPattern: header.sequence &- anchor.sequence) < 0 {
      behind += 1
      return behind < TrackClock.behindLimit ? start : restart(header, arrival, now)
    }
    behind = 0
    let late = arrival - start
    if late > TrackClock.jump || late < -TrackClock.earlyLimit
      || header.marker && late > TrackClock.markedLimit
    {
      return restart(header, arrival, now)
    }
    if now >= windowEnd {
      if earliest != .max, earliest > TrackClock.lateLimit { return restart(header, arrival, now) }
      if earliest != .max { owed = abs(earliest) > TrackClock.slack ? earliest : 0 }
      earliest = .max
      windowEnd = now + TrackClock.window
    }
    earliest = min(earliest, late)
    // Never later than this one shows.
    owed = min(owed, late)
    if owed != 0 {
      start += owed.signum()
      earliest -= owed.signum()
      owed -= owed.signum()
    }
    self.anchor = Anchor(
      source: header.source, sequence: header.sequence, timestamp: header.timestamp, place: start)
    return start
  }

  /// The place of a timestamp; nil: nothing was heard of this source.
  func locate(_ header: RTPHeader) -> Int? {
    guard let anchor, anchor.source == header.source else { return nil }
    return anchor.place &+ Int(Int32(bitPattern: header.timestamp &- anchor.timestamp))
  }

  private mutating func restart(_ header: RTPHeader, _ arrival: Int, _ now: Int) -> Int {
    anchor = Anchor(
      source: header.source, sequence: header.sequence, timestamp: header.timestamp,
      place: arrival)
    windowEnd = now + TrackClock.window
    (earliest, owed, behind) = (.max, 0, 0)
    return arrival
  }
}
