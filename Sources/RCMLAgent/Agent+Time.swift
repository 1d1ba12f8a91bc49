import RCMLBasics
import RCMLDial
import RCMLSIP

extension Agent {
  func callTimePassed(_ number: CallNumber, at now: Instant) {
    guard let call = calls[number] else { return }
    switch call.phase {
    case .waiting(let until) where until <= now:
      // The host did nothing: the caller must not wait for ever (480, as RFC 3261 §21.4.18 has it).
      refuse(number, code: 480, phrase: "Temporarily Unavailable", at: now)
    case .running:
      performancesTimePassed(of: number, at: now)
      handle(.timePassed, of: number, at: now)
    case .waiting, .held, .calling, .over:
      reschedule(number)
    }
  }

  /// Puts the call's earliest deadline into the queue if it is not there already.
  func reschedule(_ number: CallNumber) {
    guard let deadline = calls[number]?.nextDeadline else {
      calls[number]?.scheduled = nil
      return
    }
    guard calls[number]?.scheduled != deadline.instant else { return }
    calls[number]?.scheduled = deadline.instant
    deadlines.add(deadline, for: number.number)
    compactDeadlines()
  }

  private func isStale(_ entry: DeadlineQueue<UInt64>.Entry) -> Bool {
    calls[CallNumber(entry.owner)]?.scheduled != entry.deadline.instant
  }

  func forgetStaleDeadlines() {
    while let first = deadlines.first, isStale(first) { _ = deadlines.popFirst() }
  }

  /// A queue that holds many more deadlines than there are calls is written anew: a time limit of four hours must
  /// not be kept for four hours after a call of a minute.
  private func compactDeadlines() {
    guard deadlines.count > 1_024, deadlines.count > calls.count * 4 else { return }
    var kept = DeadlineQueue<UInt64>()
    while let entry = deadlines.popFirst() {
      if !isStale(entry) { kept.add(entry.deadline, for: entry.owner) }
    }
    deadlines = kept
  }

  /// Draining and stopping: told once, when nothing is left to be done or its time is over (spec Q-6, K-13).
  func checkService(at now: Instant) {
    switch service {
    case .open, .drained:
      return
    case .draining:
      guard calls.isEmpty else { return }
      service = .finishing(until: now + settings.drainTimeout)
      checkService(at: now)
    case .finishing(let until):
      let isQuiet = calls.isEmpty && web.isIdle && callbacks.isIdle && owners.isEmpty
      guard isQuiet || until <= now else { return }
      service = .drained
      for number in callNumbers { abandon(number, at: now) }
      settle(at: now)
      tell(.drained)
    }
  }

  /// In the order in which they came: what walks through all calls must do so the same way each time.
  var callNumbers: [CallNumber] { calls.keys.sorted { $0.number < $1.number } }

  /// A call that could not be brought to its end in time. Its legs are over for everybody but SIP: each still gets
  /// its `completed` (spec Q-6).
  private func abandon(_ number: CallNumber, at now: Instant) {
    for leg in (calls[number]?.legs ?? [:]).keys.sorted() {
      handle(.leg(leg, .ended), of: number, at: now)
    }
    guard calls[number] != nil else { return }
    let isAnswered = calls[number]?.isAnswered ?? false
    end(number, status: isAnswered ? .completed : .canceled, code: nil, side: .host, at: now)
  }
}
