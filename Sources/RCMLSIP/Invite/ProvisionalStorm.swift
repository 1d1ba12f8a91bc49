import RCMLBasics

/// Who sends provisional responses without end is heard once a second, and the caller is not made to hear more.
struct ProvisionalStorm {
  private var heard = 0
  private var last = Instant(nanoseconds: 0)

  mutating func admits(at now: Instant) -> Bool {
    if heard < Limits.freeProvisionals {
      heard += 1
    } else if now < last + Limits.provisionalInterval {
      return false
    }
    last = now
    return true
  }
}
