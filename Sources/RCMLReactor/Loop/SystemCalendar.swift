import CSystem
import RCMLBasics

/// The machine's time stamps, and when the reactor was made and started.
final class SystemCalendar {
  let made = Reactor.clock()
  /// The agent has its entropy and its calendar.
  private(set) var hasStarted = false
  private(set) var wall = WallClock(unixMicroseconds: 0, at: Instant(nanoseconds: 0))
  private var lastLook = Instant(nanoseconds: 0)

  /// The entropy that the agent starts with; nil = it has started.
  func start(_ now: Instant) throws(ReactorError) -> [UInt8]? {
    guard !hasStarted else { return nil }
    var entropy = [UInt8](repeating: 0, count: 32)
    let status = entropy.withUnsafeMutableBytes { system_random($0.baseAddress, $0.count) }
    guard status == 0 else {
      throw ReactorError(.system, "there is no entropy: \(errorText(status))")
    }
    hasStarted = true
    wall = WallClock(unixMicroseconds: system_unix_microseconds(), at: now)
    return entropy
  }

  /// The machine's clock may be set at any time; durations and timers do not care, time stamps do (failures H10). Nil: it
  /// was not set.
  func look(_ now: Instant) -> WallClock? {
    guard now - lastLook >= .seconds(1) else { return nil }
    lastLook = now
    let said = system_unix_microseconds()
    let (difference, overflow) = said.subtractingReportingOverflow(wall.unixMicroseconds(at: now))
    guard overflow || difference.magnitude > 1_000_000 else { return nil }
    wall = WallClock(unixMicroseconds: said, at: now)
    return wall
  }
}
