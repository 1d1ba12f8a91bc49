@testable import RCMLAgent

extension WebClient {
  /// What it wants done, all of it.
  func takeEffects() -> [Effect] {
    var effects: [Effect] = []
    while let effect = popEffect() { effects.append(effect) }
    return effects
  }
}
