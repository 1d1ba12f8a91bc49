import RCMLBasics

/// The last two seconds of one party's audio, each sample at its place in time: packets may come late, doubled or
/// not at all, and the track still lines up with the other one.
struct RecordingTrack {
  private static let room = 16_384
  /// 250 ms: a source that says it is further from now than this has jumped, or its clock has drifted so far.
  private static let tolerance = 2_000
  /// Gaps up to 60 ms are covered with what was heard last, fading; longer ones are silence.
  private static let concealed = 480

  private var samples = [Int16](repeating: 0, count: room)
  private var isThere = [Bool](repeating: false, count: room)
  private var base: (source: UInt32, timestamp: UInt32, place: Int)?
  /// Everything before this place was taken.
  private var taken = 0
  private var gap = 0
  private var recent = [Int16](repeating: 0, count: 160)
  private var recentPlace = 0

  /// `place`: where a packet that arrives now belongs if nothing else is known. Returns the mean of the magnitudes.
  mutating func put(
    _ payload: UnsafeRawBufferPointer, _ law: G711.Law, header: RTPHeader, arrivedAt place: Int
  ) -> Int {
    var start = place - payload.count
    if let base, base.source == header.source {
      let stepped = base.place &+ Int(Int32(bitPattern: header.timestamp &- base.timestamp))
      if abs(stepped - start) <= RecordingTrack.tolerance { start = stepped }
    }
    base = (header.source, header.timestamp, start)
    var sum = 0
    for (offset, octet) in payload.enumerated() {
      let sample = G711.decode(octet, law)
      sum += Int(sample.magnitude)
      let position = start + offset
      guard position >= taken, position < taken + RecordingTrack.room else { continue }
      samples[position % RecordingTrack.room] = sample
      isThere[position % RecordingTrack.room] = true
    }
    return payload.isEmpty ? 0 : sum / payload.count
  }

  /// The samples up to `end`, which nobody can change any more.
  mutating func take(upTo end: Int, _ body: (Int16) -> Void) {
    while taken < end {
      let place = taken % RecordingTrack.room
      if isThere[place] {
        isThere[place] = false
        gap = 0
        recent[recentPlace] = samples[place]
        recentPlace = (recentPlace + 1) % recent.count
        body(samples[place])
      } else {
        body(conceal())
      }
      taken += 1
    }
  }

  private mutating func conceal() -> Int16 {
    gap += 1
    guard gap <= RecordingTrack.concealed else { return 0 }
    let sample = Int(recent[recentPlace])
    recentPlace = (recentPlace + 1) % recent.count
    return Int16(
      clamping: sample * (RecordingTrack.concealed - gap) / RecordingTrack.concealed)
  }
}
