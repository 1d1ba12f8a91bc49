/// What came in packets, for whoever asks for it in his own time: each sample at its place by timestamp, what is missing
/// made up (`Concealment`), and as late as the packets are unsteady.
///
/// speexdsp has a buffer for this; it writes to standard error when packets overlap, and buys less delay with lost
/// packets. Neither is ours to give away.
struct FramePlayout {
  /// Samples that can lie here, a power of two: half a second.
  static let room = 4_096
  /// Before the first packet is heard: an unsteadiness of 20 ms is nothing unusual.
  static let cushion = 160
  /// No more delay than that is built up, 200 ms.
  static let delayLimit = 1_600
  /// What lies here for so long without ever being needed is too much: it goes, in pauses, down to the cushion.
  static let watchedSamples = 80_000
  static let step = 80
  /// Quieter than this nobody hears that 10 ms are missing.
  static let quiet: UInt16 = 256

  private var samples = [Int16](repeating: 0, count: room)
  private var isFilled = [Bool](repeating: false, count: room)
  /// Timestamps: what is heard next, and what follows the furthest that came.
  private var next: UInt32 = 0
  private var end: UInt32 = 0
  private var hasBegun = false
  /// Samples to be made up before the next is heard, so that what comes late is not too late.
  private var held = 0
  private var least = Int.max
  private var watched = 0
  private var surplus = 0

  private var concealment = Concealment()
  private var heard = [Int16](repeating: 0, count: Concealment.memory)
  private var newest = 0

  /// Something came.
  var isActive: Bool { hasBegun }

  /// Samples that lie here.
  var level: Int { hasBegun ? max(0, distance(from: next, to: end)) + held : 0 }

  /// The payload of one packet, octets of G.711.
  mutating func put(_ payload: UnsafeRawBufferPointer, _ law: G711.Law, timestamp: UInt32) {
    let count = min(payload.count, FramePlayout.room / 4)
    guard count > 0 else { return }
    let ahead = distance(from: next, to: timestamp)
    if !hasBegun || ahead > FramePlayout.room - count || ahead < -FramePlayout.room {
      begin(at: timestamp)
    } else if ahead + held < 0 {
      // Too late. The next will be as late: from now on all is heard later, as far as that is bearable.
      held += min(-ahead - held, max(0, FramePlayout.delayLimit - level))
    }
    for place in 0..<count {
      let stamp = timestamp &+ UInt32(place)
      guard distance(from: next, to: stamp) >= 0 else { continue }
      let slot = Int(stamp) & (FramePlayout.room - 1)
      samples[slot] = G711.decode(payload[place], law)
      isFilled[slot] = true
    }
    let last = timestamp &+ UInt32(count)
    if distance(from: end, to: last) > 0 { end = last }
  }

  /// The next samples, as many as there is room for.
  mutating func take(into output: UnsafeMutableBufferPointer<Int16>) {
    watch(output.count)
    for place in output.indices {
      if held > 0 {
        held -= 1
        output[place] = made()
      } else {
        output[place] = taken()
      }
    }
  }

  // MARK: inside

  private mutating func begin(at timestamp: UInt32) {
    hasBegun = true
    next = timestamp
    end = timestamp
    held = FramePlayout.cushion
    for slot in isFilled.indices { isFilled[slot] = false }
    (least, watched, surplus) = (.max, 0, 0)
  }

  private mutating func taken() -> Int16 {
    let slot = Int(next) & (FramePlayout.room - 1)
    guard hasBegun, isFilled[slot] else {
      // Nothing has come for a while: time does not stand still, but nothing is ahead either.
      if hasBegun { next &+= 1 }
      return made()
    }
    isFilled[slot] = false
    next &+= 1
    return remember(concealment.pass(samples[slot]))
  }

  private mutating func made() -> Int16 {
    if !concealment.isInGap {
      let (heard, newest) = (heard, newest)
      concealment.begin { back in
        let place = newest - back
        return heard[place < 0 ? place + heard.count : place]
      }
    }
    return remember(concealment.next(isQuiet: false))
  }

  private mutating func remember(_ sample: Int16) -> Int16 {
    newest = newest + 1 == heard.count ? 0 : newest + 1
    heard[newest] = sample
    return sample
  }

  /// Delay that was never needed for ten seconds is given back, 10 ms of a pause at a time.
  private mutating func watch(_ count: Int) {
    guard hasBegun else { return }
    least = min(least, level - count)
    watched += count
    if watched >= FramePlayout.watchedSamples {
      surplus = max(0, least - FramePlayout.cushion)
      (least, watched) = (.max, 0)
    }
    guard surplus >= FramePlayout.step, held == 0, isQuiet else { return }
    for place in 0..<FramePlayout.step {
      isFilled[Int(next &+ UInt32(place)) & (FramePlayout.room - 1)] = false
    }
    next &+= UInt32(FramePlayout.step)
    surplus -= FramePlayout.step
  }

  private var isQuiet: Bool {
    (0..<FramePlayout.step).allSatisfy { place in
      let slot = Int(next &+ UInt32(place)) & (FramePlayout.room - 1)
      return !isFilled[slot] || samples[slot].magnitude < FramePlayout.quiet
    }
  }

  private func distance(from one: UInt32, to other: UInt32) -> Int {
    Int(Int32(bitPattern: other &- one))
  }
}
