import RCMLBasics

/// The names of the calls that ended last: the host may still have events of them to pull, and a call can be over before the
/// host hears of it for the first time.
struct EndedCalls {
  static let places = 256

  private var names: [(number: CallNumber, sid: CallSid)] = []
  /// Where the next one goes.
  private var place = 0

  mutating func add(_ number: CallNumber, _ sid: CallSid) {
    if names.count < EndedCalls.places {
      names.append((number, sid))
    } else {
      names[place] = (number, sid)
      place = (place + 1) % EndedCalls.places
    }
  }

  func sid(of number: CallNumber) -> CallSid? { names.last { $0.number == number }?.sid }
}
