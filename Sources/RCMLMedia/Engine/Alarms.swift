import RCMLBasics

/// When which part of the engine has something to do, and for which stream or recording.
final class Alarms {
  private var queue = DeadlineQueue()

  var next: Instant? { queue.first?.deadline.instant }
  var count: Int { queue.count }

  /// An alarm that is no longer meant is one whose instant its owner does not know any more.
  func set(_ owner: DeadlineOwner, at instant: Instant) {
    queue.add(Deadline(instant, owner.timer), for: owner.number)
  }

  func popFirst(dueAt now: Instant) -> (owner: DeadlineOwner, instant: Instant)? {
    queue.popFirst(dueAt: now).map { (DeadlineOwner(number: $0.owner), $0.deadline.instant) }
  }
}
