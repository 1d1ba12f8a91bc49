import RCMLBasics

/// Plays its items one after the other, a packet's time at once.
struct Playback: Sendable {
  enum Frame: Equatable {
    /// The buffer holds audio.
    case audio
    case event(TelephoneEvent, isFirst: Bool)
    /// Time passes without a packet.
    case pause
    case ended
  }

  let id: PlaybackID
  private let items: [PlayPiece]
  private var item = 0
  private var sample = 0
  private var round = 0
  private var digits: DigitSender?
  private var hasSounded = false
  /// 5 ms.
  private static let fade = 40

  init(id: PlaybackID, items: [PlayPiece]) {
    self.id = id
    self.items = items
  }

  /// What the next `buffer.count` samples hold. Between two sounds there is no gap: a frame may hold the end of one
  /// and the beginning of the next.
  mutating func next(_ buffer: UnsafeMutableBufferPointer<Int16>) -> Frame {
    var filled = 0
    hasSounded = true
    while filled < buffer.count, item < items.count {
      switch items[item] {
      case .sound(let samples, let times):
        filled += copy(samples, times, buffer, from: filled)
      case .silence(let count):
        let run = max(0, min(count - sample, buffer.count - filled))
        for place in filled..<filled + run { buffer[place] = 0 }
        sample += run
        filled += run
        if sample >= count { advance() }
      case .digits(let keys):
        if filled > 0 { return silenced(buffer, from: filled) }
        var sender = digits ?? DigitSender(keys)
        let step = sender.step(milliseconds: buffer.count / 8)
        digits = sender
        switch step {
        case .packet(let event, let isFirst): return .event(event, isFirst: isFirst)
        case .pause: return .pause
        case .ended: advance()
        }
      }
    }
    if filled == 0 { return .ended }
    return silenced(buffer, from: filled)
  }

  /// The last frame of what is broken off: 5 ms from where the sound stands down to nothing, so that it does not
  /// click, or the end of the key that is held.
  mutating func breakOff(_ buffer: UnsafeMutableBufferPointer<Int16>) -> Frame {
    guard hasSounded else { return .ended }
    if let digits { return digits.lettingGo.map { .event($0, isFirst: false) } ?? .ended }
    let last = next(buffer)
    guard last == .audio else { return .ended }
    for place in buffer.indices {
      let gain = max(0, Playback.fade - place)
      buffer[place] = Int16(clamping: Int(buffer[place]) * gain / Playback.fade)
    }
    return last
  }

  private mutating func copy(
    _ samples: [Int16], _ times: Int, _ buffer: UnsafeMutableBufferPointer<Int16>, from: Int
  ) -> Int {
    guard !samples.isEmpty else {
      advance()
      return 0
    }
    let run = min(samples.count - sample, buffer.count - from)
    samples.withUnsafeBufferPointer { samples in
      for place in 0..<run { buffer[from + place] = samples[sample + place] }
    }
    sample += run
    if sample >= samples.count {
      sample = 0
      round += 1
      if times != 0, round >= times { advance() }
    }
    return run
  }

  private func silenced(_ buffer: UnsafeMutableBufferPointer<Int16>, from: Int) -> Frame {
    for place in from..<buffer.count { buffer[place] = 0 }
    return .audio
  }

  private mutating func advance() {
    item += 1
    (sample, round, digits) = (0, 0, nil)
  }
}
