/// What the network does with one message, as a letter of a walk's word.
package enum Fate: Character, CaseIterable, Sendable {
  case delivered = "D"
  case lost = "L"
  /// It arrives, and a copy of it later.
  case doubled = "X"
  /// It arrives, but later than what was sent after it.
  case late = "T"

  static let faults: [Fate] = [.lost, .doubled, .late]
}
