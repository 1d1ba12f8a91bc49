import RCMLBasics

/// The legs of a call in the order in which they were started.
final class CallLegs {
  private(set) var all: [CallLeg] = []

  var isEmpty: Bool { all.isEmpty }

  subscript(number: LegNumber) -> CallLeg? { all.first { $0.number == number } }

  func leg(of dial: Int, target: Int) -> CallLeg? {
    all.first { $0.dial == dial && $0.targetIndex == target }
  }

  func add(_ leg: CallLeg) { all.append(leg) }

  /// Those of the Dial that runs stay: its result is made of them.
  func removeGone(except dial: Int?) {
    guard !all.isEmpty else { return }
    all.removeAll { $0.machine.state == .gone && $0.dial != dial }
  }
}
