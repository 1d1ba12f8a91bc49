import RCMLAgent
import RCMLBasics
import RCMLDocument

/// What the host is told: queued until it pulls, with a word about what was lost.
final class HostEvents {
  private let waker: Waker
  private var queue = EventQueue(limit: 16_384)
  private var lostAndTold: UInt64 = 0
  /// The host turns the loop right now, and looks for events when it is done.
  private var isTurning = false

  init(waker: Waker) { self.waker = waker }

  var count: Int { queue.count }
  var isEmpty: Bool { queue.isEmpty }
  /// Because the host did not pull them.
  var lost: UInt64 { queue.lost }

  func turnBegins() { isTurning = true }
  func turnEnds() { isTurning = false }

  func append(_ event: HostEvent) {
    // Outside of `process` nobody knows yet that there is something to pull.
    if !isTurning, queue.isEmpty { waker.wake() }
    queue.append(event)
  }

  /// The next one, nil = none. That some were lost is told before the next of the others.
  func next() -> HostEvent? {
    if queue.lost > lostAndTold {
      let count = queue.lost - lostAndTold
      lostAndTold = queue.lost
      let text =
        "\(count) events were lost because they were not pulled in time; pull them after every process"
      return .finding(nil, Finding(severity: .warning, code: .eventsLost, text: text))
    }
    return queue.popFirst()
  }
}
