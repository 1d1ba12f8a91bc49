import RCMLBasics

/// The last two seconds of one party's audio, each sample at its place in time: packets may come late, doubled or
/// not at all, and the track still lines up with the other one.
struct RecordingTrack {
  /// A power of two.
  private static let room = 16_384
  /// Holes so short are a clock that was followed: a line goes across.
  private static let slip = 8
  /// Where one packet lies over another the sound goes from the one to the other in 5 ms.
  private static let blend = 40
  /// 200 ms: each packet of a key says its whole length, but the beginning was marked before.
  private static let marked = 1_600
  /// 60 ms, as long as a gap would be covered.
  private static let pause = 480

  private enum Content: UInt8 {
    case nothing
    case sound
    /// A key or a pause: nothing is made up here.
    case quiet
  }

  private var samples = [Int16](repeating: 0, count: room)
  private var contents = [Content](repeating: .nothing, count: room)
  private var clock = TrackClock()
  private var concealment = Concealment()
  /// Everything before this place was taken.
  private var taken = 0

  /// `now`: where a packet that arrives now ends if nothing else is known. Returns the mean of the magnitudes.
  mutating func put(
    _ payload: UnsafeRawBufferPointer, _ law: G711.Law, header: RTPHeader, arrivedAt now: Int
  ) -> Int {
    guard !payload.isEmpty else { return 0 }
    let start = clock.place(of: header, count: payload.count, at: now)
    var sum = 0
    for (offset, octet) in payload.enumerated() {
      let sample = G711.decode(octet, law)
      sum += Int(sample.magnitude)
      let position = start + offset
      guard position >= taken, position < taken + RecordingTrack.room else { continue }
      let place = position & (RecordingTrack.room - 1)
      if offset < RecordingTrack.blend, contents[place] == .sound {
        let weight = offset + 1
        let mixed =
          Int(sample) * weight + Int(samples[place]) * (RecordingTrack.blend + 1 - weight)
        samples[place] = Int16(clamping: mixed / (RecordingTrack.blend + 1))
      } else {
        samples[place] = sample
        contents[place] = .sound
      }
    }
    return sum / payload.count
  }

  /// A key is no sound: silence of its length, unless the party sent sound as well.
  mutating func putKey(_ event: TelephoneEvent, header: RTPHeader) {
    guard let start = clock.locate(header) else { return }
    let length = Int(event.duration)
    putQuiet(start + max(0, length - RecordingTrack.marked)..<start + length)
  }

  /// The party falls silent (RFC 3389).
  mutating func putPause(header: RTPHeader) {
    guard let start = clock.locate(header) else { return }
    putQuiet(start..<start + RecordingTrack.pause)
  }

  private mutating func putQuiet(_ range: Range<Int>) {
    for position in range.clamped(to: taken..<taken + RecordingTrack.room) {
      let place = position & (RecordingTrack.room - 1)
      if contents[place] == .nothing { contents[place] = .quiet }
    }
  }

  /// The samples up to `end`, which nobody can change any more.
  mutating func take(upTo end: Int, _ body: (Int16) -> Void) {
    while taken < end {
      let place = taken & (RecordingTrack.room - 1)
      switch contents[place] {
      case .sound: body(concealment.pass(samples[place]))
      case .quiet: body(concealment.next(isQuiet: true))
      case .nothing:
        if let sample = across() {
          body(concealment.pass(sample))
        } else {
          body(concealment.next(isQuiet: false))
        }
      }
      contents[place] = .nothing
      taken += 1
    }
  }

  /// The next sample of a short hole between two sounds; nil: it is a longer one, or at the edge of silence.
  private func across() -> Int16? {
    guard !concealment.isUnderWay else { return nil }
    for ahead in 1...RecordingTrack.slip {
      let place = (taken + ahead) & (RecordingTrack.room - 1)
      switch contents[place] {
      case .nothing: continue
      case .quiet: return nil
      case .sound:
        let before = Int(concealment.last)
        return Int16(clamping: before + (Int(samples[place]) - before) / (ahead + 1))
      }
    }
    return nil
  }
}
