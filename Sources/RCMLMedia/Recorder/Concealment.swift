/// What is heard where nothing came: the last 20 ms backwards, forwards again and so on, fading away in 60 ms. Read so,
/// the sound goes on without a step, whatever it is; and back to the true sound it goes in 5 ms.
struct Concealment {
  private static let memory = 160
  private static let full = 480
  private static let blend = 40

  private var history = [Int16](repeating: 0, count: memory)
  private var newest = 0
  /// The history as it was when the sound stopped, the newest first.
  private var frozen = [Int16](repeating: 0, count: memory)
  private var walked = 0
  private var level = 0
  private var blended = Concealment.blend
  private(set) var isUnderWay = false

  /// The last sample that was heard.
  var last: Int16 { history[newest] }

  /// One sample where nothing came. `isQuiet`: because there was nothing to be heard, a key or a pause.
  mutating func next(isQuiet: Bool) -> Int16 {
    if !isUnderWay { begin() }
    let sample = walk(isQuiet: isQuiet)
    keep(sample)
    return sample
  }

  /// A true sample, as it is heard so soon after a gap.
  mutating func pass(_ sample: Int16) -> Int16 {
    if isUnderWay {
      isUnderWay = false
      blended = 0
    }
    guard blended < Concealment.blend else {
      keep(sample)
      return sample
    }
    blended += 1
    let made = Int(walk(isQuiet: false)) * (Concealment.blend + 1 - blended)
    let mixed = Int16(
      clamping: (Int(sample) * blended + made) / (Concealment.blend + 1))
    keep(mixed)
    return mixed
  }

  private mutating func begin() {
    isUnderWay = true
    for back in 0..<Concealment.memory {
      frozen[back] = history[(newest + Concealment.memory - back) % Concealment.memory]
    }
    walked = 0
    level = Concealment.full
  }

  private mutating func walk(isQuiet: Bool) -> Int16 {
    walked += 1
    let turn = 2 * (Concealment.memory - 1)
    let back = walked % turn
    level = max(0, level - (isQuiet ? Concealment.full / Concealment.blend : 1))
    let sample = Int(frozen[min(back, turn - back)])
    return Int16(clamping: sample * level / Concealment.full)
  }

  private mutating func keep(_ sample: Int16) {
    newest = newest + 1 == Concealment.memory ? 0 : newest + 1
    history[newest] = sample
  }
}
