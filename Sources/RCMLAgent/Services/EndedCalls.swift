import RCMLBasics

/// The names of calls that have ended while the host has not been told so: their events wait to be pulled, and a call can be
/// over before the host hears of it for the first time.
struct EndedCalls {
  /// A host that pulls its events late loses the names of the eldest.
  static let limit = 256

  private var names: [(number: CallNumber, sid: CallSid)] = []

  mutating func add(_ number: CallNumber, _ sid: CallSid) {
    if names.count == EndedCalls.limit { names.removeFirst() }
    names.append((number, sid))
  }

  /// What is told from now on is of a call that nobody knows any more.
  mutating func forget(_ number: CallNumber) { names.removeAll { $0.number == number } }

  func sid(of number: CallNumber) -> CallSid? { names.first { $0.number == number }?.sid }
}
