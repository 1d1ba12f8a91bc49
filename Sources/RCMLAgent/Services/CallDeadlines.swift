import RCMLBasics

/// When calls are due. A call has at most one deadline here; what it no longer wants goes when it comes to the front.
final class CallDeadlines {
  private var queue = DeadlineQueue()
  private let calls: CallTable

  init(calls: CallTable) { self.calls = calls }

  var first: Deadline? { queue.first?.deadline }

  func add(_ deadline: Deadline, for call: CallRun) {
    queue.add(deadline, for: call.number.number)
    compact()
  }

  /// The next call whose time has come; it has no deadline here any more.
  func popFirst(dueAt now: Instant) -> CallRun? {
    while let entry = queue.popFirst(dueAt: now) {
      if let call = owner(of: entry) {
        call.deadlineCame()
        return call
      }
    }
    return nil
  }

  func forgetStale() {
    while let first = queue.first, owner(of: first) == nil { _ = queue.popFirst() }
  }

  /// Nil: the call is over, or wants another deadline.
  private func owner(of entry: DeadlineQueue.Entry) -> CallRun? {
    guard let call = calls[CallNumber(entry.owner)], call.scheduled == entry.deadline.instant else {
      return nil
    }
    return call
  }

  /// A queue that holds many more deadlines than there are calls is written anew: a time limit of four hours must
  /// not be kept for four hours after a call of a minute.
  private func compact() {
    guard queue.count > 1_024, queue.count > calls.count * 4 else { return }
    var kept = DeadlineQueue()
    while let entry = queue.popFirst() {
      if owner(of: entry) != nil { kept.add(entry.deadline, for: entry.owner) }
    }
    queue = kept
  }
}
