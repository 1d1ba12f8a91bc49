import RCMLBasics

/// What a call wants done, in order: its machine writes it, whoever drives it takes one after the other.
package final class CallEffects {
  private var effects = HandoverQueue<CallEffect>()

  package init() {}

  func append(_ effect: consuming CallEffect) { effects.append(effect) }

  package func popFirst() -> CallEffect? { effects.popFirst() }

  /// What is left is not wanted any more.
  package func removeAll() {
    while effects.popFirst() != nil {}
    effects.shrink()
  }
}
