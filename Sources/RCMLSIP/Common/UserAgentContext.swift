import RCMLBasics

/// What all layers of this room share, and nothing else: the settings, chance, the queue of deadlines, and what goes
/// out, in one order.
final class UserAgentContext {
  private(set) var settings: UserAgentSettings
  /// What branches and tags are mixed with.
  let secret: UInt64
  /// What keys of the wire are hashed with.
  let hashKey: (UInt64, UInt64)
  let timers = TimerQueue()
  let counts = UserAgentCounts()
  private var random: RandomSource
  private var effects = HandoverQueue<UserAgentEffect>()
  /// The datagram under way was refused, answered or dropped outside of all sessions, and nothing is known of it any more.
  private(set) var isStranger = false

  init(random: RandomSource, settings: UserAgentSettings) {
    var random = random
    secret = random.next()
    hashKey = (random.next(), random.next())
    self.random = random
    self.settings = settings
  }

  /// They hold for what begins from now on.
  func apply(_ settings: UserAgentSettings) { self.settings = settings }

  // MARK: - Strangers

  func datagramBegins() { isStranger = false }

  /// It leaves nothing behind: whoever repeats the same history without it comes to the same.
  func noteStranger() { isStranger = true }

  // MARK: - Chance

  func nextRandom() -> UInt64 { random.next() }

  func withRandom<Result>(_ body: (inout RandomSource) -> Result) -> Result { body(&random) }

  // MARK: - Effects

  func add(_ effect: consuming UserAgentEffect) { effects.append(effect) }

  func tell(_ session: SessionID, _ event: SessionEvent) {
    effects.append(.session(session, event))
  }

  func nextEffect() -> UserAgentEffect? { effects.popFirst() }
}
