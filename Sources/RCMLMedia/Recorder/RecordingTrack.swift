import RCMLBasics

/// The last two seconds of one party's audio, each sample at its place in time: packets may come late, doubled or
/// not at all, and the track still lines up with the other one.
struct RecordingTrack {
  private static let portion = TrackClock.stretch
  /// Mean magnitude of a packet in which a recording may be moved: about -50 dB of full scale.
  private static let quiet = 100
  /// A power of two.
  private static let room = 16_384
  /// What was taken last lies behind the rest, for the next gap.
  private static let ahead = room - Concealment.memory
  /// Across holes so short goes a line.
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
  /// A portion, and a sample more where it is stretched; and what it was before.
  private var decoded = [Int16](repeating: 0, count: portion + 1)
  private var stretched = [Int16](repeating: 0, count: portion + 1)
  private var clock = TrackClock()
  private var concealment = Concealment()
  /// Everything before this place was taken.
  private var taken = 0

  /// By how much what is heard now lies too early.
  var error: Int { clock.error }

  /// `now`: where a packet that arrives now ends if nothing else is known. `other`: the error of the other side. Returns the
  /// mean of the magnitudes.
  mutating func put(
    _ payload: UnsafeRawBufferPointer, _ law: G711.Law, header: RTPHeader, arrivedAt now: Int,
    beside other: Int?
  ) -> Int {
    guard !payload.isEmpty else { return 0 }
    let placement = clock.place(of: header, count: payload.count, at: now, other: other) {
      RecordingTrack.isQuiet(payload, law)
    }
    var sum = 0
    var done = 0
    var place = placement.start
    var growth = placement.growth
    while done < payload.count {
      let part = UnsafeRawBufferPointer(
        rebasing: payload[done..<min(done + RecordingTrack.portion, payload.count)])
      decoded.withUnsafeMutableBufferPointer { G711.decode(part, law, into: $0) }
      for offset in 0..<part.count { sum += Int(decoded[offset].magnitude) }
      var count = part.count
      if growth != 0, count > 2 {
        count += growth.signum()
        stretch(part.count, to: count)
        growth -= growth.signum()
      }
      lay(count, at: place, isFirst: done == 0)
      place += count
      done += part.count
    }
    return sum / payload.count
  }

  private static func isQuiet(_ payload: UnsafeRawBufferPointer, _ law: G711.Law) -> Bool {
    var sum = 0
    for octet in payload { sum += Int(G711.decode(octet, law).magnitude) }
    return sum < quiet * payload.count
  }

  /// The first samples of `decoded` become one more or one fewer: a cubic goes through them (spec R-7).
  private mutating func stretch(_ count: Int, to wanted: Int) {
    swap(&decoded, &stretched)
    let last = count - 1
    for index in 0..<wanted {
      // In 65,536ths of a sample: the ends stay where they are.
      let exact = index * (last << 16) / (wanted - 1)
      let place = min(exact >> 16, last)
      let part = exact & 0xffff
      let a = Int(stretched[max(0, place - 1)])
      let b = Int(stretched[place])
      let c = Int(stretched[min(last, place + 1)])
      let d = Int(stretched[min(last, place + 2)])
      let first = c - a
      let second = 2 * a - 5 * b + 4 * c - d
      let third = 3 * (b - c) + d - a
      let curve = ((((third * part) >> 16) + second) * part) >> 16
      decoded[index] = Int16(clamping: b + (((curve + first) * part) >> 17))
    }
  }

  /// Puts what was decoded at its place.
  private mutating func lay(_ count: Int, at start: Int, isFirst: Bool) {
    let range = start..<start + count
    let inside = range.clamped(to: taken..<taken + RecordingTrack.ahead)
    RecordingTrack.write(
      decoded, &samples, &contents, from: start, inside,
      blendedTo: isFirst ? RecordingTrack.blend : 0)
  }

  private static func write(
    _ decoded: UnsafePointer<Int16>, _ samples: UnsafeMutablePointer<Int16>,
    _ contents: UnsafeMutablePointer<Content>, from start: Int, _ range: Range<Int>,
    blendedTo blend: Int
  ) {
    for position in range {
      let offset = position - start
      let place = position & (room - 1)
      if offset < blend, contents[place] == .sound {
        let mixed =
          Int(decoded[offset]) * (offset + 1) + Int(samples[place]) * (blend - offset)
        samples[place] = Int16(clamping: mixed / (blend + 1))
      } else {
        samples[place] = decoded[offset]
        contents[place] = .sound
      }
    }
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
    for position in range.clamped(to: taken..<taken + RecordingTrack.ahead) {
      let place = position & (RecordingTrack.room - 1)
      if contents[place] == .nothing { contents[place] = .quiet }
    }
  }

  /// The samples up to `end`, which nobody can change any more, at the end of `output`.
  mutating func take(upTo end: Int, into output: inout [Int16]) {
    output.reserveCapacity(output.count + max(0, end - taken))
    while taken < end {
      if concealment.isIdle {
        taken += RecordingTrack.takeSound(samples, &contents, taken..<end, into: &output)
      }
      guard taken < end else { return }
      let place = taken & (RecordingTrack.room - 1)
      // What is made up is what the next gap goes on from.
      samples[place] = made(place)
      output.append(samples[place])
      contents[place] = .nothing
      taken += 1
    }
  }

  /// The sound up to the first gap; returns its length.
  private static func takeSound(
    _ samples: UnsafePointer<Int16>, _ contents: UnsafeMutablePointer<Content>, _ range: Range<Int>,
    into output: inout [Int16]
  ) -> Int {
    for position in range {
      let place = position & (room - 1)
      guard contents[place] == .sound else { return position - range.lowerBound }
      contents[place] = .nothing
      output.append(samples[place])
    }
    return range.count
  }

  private mutating func made(_ place: Int) -> Int16 {
    switch contents[place] {
    case .sound: return concealment.pass(samples[place])
    case .quiet, .nothing:
      let isQuiet = contents[place] == .quiet
      if !concealment.isInGap {
        if !isQuiet, let sample = across() { return concealment.pass(sample) }
        concealment.begin { samples[(taken - 1 - $0) & (RecordingTrack.room - 1)] }
      }
      return concealment.next(isQuiet: isQuiet)
    }
  }

  /// The next sample of a short hole between two sounds; nil: it is a longer one, or at the edge of silence.
  private func across() -> Int16? {
    for ahead in 1...RecordingTrack.slip {
      let place = (taken + ahead) & (RecordingTrack.room - 1)
      switch contents[place] {
      case .nothing: continue
      case .quiet: return nil
      case .sound:
        let before = Int(samples[(taken - 1) & (RecordingTrack.room - 1)])
        return Int16(clamping: before + (Int(samples[place]) - before) / (ahead + 1))
      }
    }
    return nil
  }
}
