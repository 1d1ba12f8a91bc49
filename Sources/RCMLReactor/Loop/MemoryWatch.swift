import CSystem
import RCMLBasics

/// How much memory the process has: whether that is as much as `max_memory` allows (spec Y-9), and when what was freed is
/// given back to the machine.
///
/// The resident size counts, not what we know to have asked for: it is what the machine runs out of, whoever in the
/// process asked.
final class MemoryWatch {
  /// Between two looks: what new calls ask for meanwhile is little beside what is kept back.
  private static let lookPause = Interval.milliseconds(100)
  /// Giving back is no work of a busy loop, and none that is worth doing often.
  private static let leastTrimPause = Interval.seconds(20)
  /// While no call may begin for want of memory.
  private static let fullTrimPause = Interval.seconds(2)
  /// So many times as long as it took last: of a large heap it takes long.
  private static let trimShare: Int64 = 400
  /// Less than this above the least there was is not looked for.
  private static let worthTrimming: Int64 = 8 << 20

  private(set) var isFull = false
  private var nextLook = Instant(nanoseconds: 0)
  private var lastTrim = Instant(nanoseconds: 0)
  /// How long none follows the last one, for what that took.
  private var rest = Interval.zero
  /// How often memory is to be given back since something came: what came is forgotten a minute later at the latest.
  private var turns = 0
  private static let turnsOfWork = 3
  /// As little as the process had at any look.
  private var least = system_memory_resident()

  /// When it wants to be asked again.
  var deadline: Instant {
    turns > 0 ? lastTrim + max(MemoryWatch.leastTrimPause, rest) : .distantFuture
  }

  /// Something came, so something will be freed.
  func worked(at now: Instant) {
    if turns == 0 { lastTrim = now }
    turns = MemoryWatch.turnsOfWork
  }

  /// `limit`: octets, 0 = any number. What has changed: whether there is no room any more; nil = nothing.
  func look(limit: Int, at now: Instant) -> Bool? {
    guard now >= nextLook else { return nil }
    nextLook = now + MemoryWatch.lookPause
    guard limit > 0 else { return change(isFull: false) }
    var resident = system_memory_resident()
    // Some of it stays with the calls that are under way; and who has become full waits until there is room for several.
    let most = Int64(limit) / 16 * (isFull ? 14 : 15)
    if resident > most, now - lastTrim >= max(MemoryWatch.fullTrimPause, rest) {
      trim(at: now)
      resident = system_memory_resident()
    }
    return change(isFull: resident > most)
  }

  private func change(isFull wanted: Bool) -> Bool? {
    guard wanted != isFull else { return nil }
    isFull = wanted
    return wanted
  }

  /// There is nothing else to do at this moment: what was freed may be given back.
  func giveBack(at now: Instant) {
    guard deadline <= now else { return }
    let resident = system_memory_resident()
    least = min(least, resident)
    lastTrim = now
    guard resident - least > MemoryWatch.worthTrimming else {
      turns = 0
      return
    }
    turns -= 1
    trim(at: now)
    least = min(least, system_memory_resident())
  }

  private func trim(at now: Instant) {
    let begun = Reactor.clock()
    system_memory_trim()
    let spent = min((Reactor.clock() - begun).nanoseconds, 1_000_000_000)
    rest = Interval(nanoseconds: spent * MemoryWatch.trimShare)
    lastTrim = now
  }
}
