/// What is heard where nothing came: the last 20 ms backwards, forwards again and so on, fading away in 60 ms. Read so,
/// the sound goes on without a step, whatever it is; and back to the true sound it goes in 5 ms.
struct Concealment {
  static let memory = 160
  private static let full = 480
  private static let blend = 40

  /// What was heard before the gap, the newest first.
  private var before = [Int16](repeating: 0, count: memory)
  private var walked = 0
  private var level = 0
  private var blended = blend
  private(set) var isInGap = false

  /// Neither in a gap nor shortly after one: what came is what is heard.
  var isIdle: Bool { !isInGap && blended == Concealment.blend }

  /// A gap begins; `heard` says what was heard so many samples ago, from 0 on.
  mutating func begin(_ heard: (Int) -> Int16) {
    isInGap = true
    for back in before.indices { before[back] = heard(back) }
    walked = 0
    level = Concealment.full
  }

  /// One sample where nothing came. `isQuiet`: because there was nothing to be heard, a key or a pause.
  mutating func next(isQuiet: Bool) -> Int16 {
    walked += 1
    let turn = 2 * (Concealment.memory - 1)
    let back = walked % turn
    level = max(0, level - (isQuiet ? Concealment.full / Concealment.blend : 1))
    let sample = Int(before[min(back, turn - back)])
    return Int16(clamping: sample * level / Concealment.full)
  }

  /// A true sample, as it is heard so soon after a gap.
  mutating func pass(_ sample: Int16) -> Int16 {
    if isInGap {
      isInGap = false
      blended = 0
    }
    guard blended < Concealment.blend else { return sample }
    blended += 1
    let made = Int(next(isQuiet: false)) * (Concealment.blend + 1 - blended)
    return Int16(clamping: (Int(sample) * blended + made) / (Concealment.blend + 1))
  }
}
