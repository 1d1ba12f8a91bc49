import RCMLBasics

/// Makes one press of what comes both as an event and as sound (spec U-25).
struct KeyMemory: Hashable, Sendable {
  enum Way: Hashable {
    case event
    case sound
  }

  static let window = Interval.milliseconds(250)

  private var key: UInt8 = 0
  private var way = Way.event
  private var at = Instant(nanoseconds: 0)
  /// The same press came the other way, too: what comes next is another one.
  private var isComplete = true

  /// False: it was told before.
  mutating func isNew(_ key: UInt8, by way: Way, at now: Instant) -> Bool {
    if !isComplete, key == self.key, way != self.way, now - at <= KeyMemory.window {
      isComplete = true
      return false
    }
    (self.key, self.way, at, isComplete) = (key, way, now, false)
    return true
  }
}
