import RCMLBasics

/// What bounds a call as a whole, whatever its documents do (spec Y-11): how many of them it may run, and how long it may
/// last, from its first moment to its last, answered or not.
final class CallLimits {
  private let mostDocuments: Int
  private let duration: Interval
  private var documents = 0
  /// nil = it has not begun, has no end, or that has come.
  private(set) var end: Instant?
  private var hasBegun = false

  init(_ policy: CallPolicy) {
    mostDocuments = policy.maxDocuments
    duration = policy.maxDuration
  }

  func begin(at now: Instant) {
    guard !hasBegun else { return }
    hasBegun = true
    end = duration > .zero ? now + duration : nil
  }

  /// False: it has run all it may.
  func takeDocument() -> Bool {
    documents += 1
    return mostDocuments == 0 || documents <= mostDocuments
  }

  func endHasCome() { end = nil }
}
