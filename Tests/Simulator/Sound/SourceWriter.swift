/// Draws where voices send from and who else sends in their name (spec U-67), with dice of its own: a world without NAT,
/// without a move and without strangers is what it was.
struct SourceWriter {
  private var dice: Dice
  /// Everybody is silent at first, and strangers try every port.
  private let isSprayed: Bool
  private(set) var sprays: [Int] = []
  private(set) var lock = "once"

  static let lingering = [0, 0, 40, 60, 80, 100, 200, 300]

  init(seed: UInt64) {
    dice = Dice(seed).split(791)
    isSprayed = dice.chance(8)
    if dice.chance(6) { lock = dice.one(of: ["any", "off"]) }
    guard isSprayed else { return }
    for _ in 0..<dice.within(3...12) { sprays.append(dice.within(50...3_000)) }
  }

  mutating func place(_ script: inout VoiceScript, isCallee: Bool) {
    if script.isBehindNAT {
      script.source.origin = dice.one(of: [.otherPort, .behindNAT, .behindNAT, .behindProxy])
      if dice.chance(50) { rebind(&script) }
    }
    script.source.lingers = dice.one(of: SourceWriter.lingering)
    if isCallee, dice.chance(15) { script.source.movesWithAnswer = true }
    guard isSprayed else { return }
    let silence = dice.within(500...3_000)
    for place in script.spurts.indices { script.spurts[place].after += silence }
  }

  /// A re-INVITE follows, as of a phone that notices, or that refreshes its session.
  private mutating func rebind(_ script: inout VoiceScript) {
    let instant = dice.within(1_000...6_000)
    script.source.rebinds = instant
    script.reoffers.append(
      VoiceScript.Reoffer(after: instant + dice.within(300...2_500), change: .resume))
    script.spurts.append(
      VoiceScript.Spurt(after: instant + dice.within(3_000...8_000), packets: dice.within(30...200))
    )
  }
}
