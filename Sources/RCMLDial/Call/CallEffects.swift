import RCMLBasics

/// What a call wants done, in order: its machine writes it, whoever drives it takes one after the other.
public final class CallEffects {
  private var effects = HandoverQueue<CallEffect>()

  public init() {}

  func append(_ effect: consuming CallEffect) { effects.append(effect) }

  public func popFirst() -> CallEffect? { effects.popFirst() }

  /// What is left is not wanted any more.
  public func removeAll() { while effects.popFirst() != nil {} }
}
