import RCMLBasics

/// What becomes of each message of a small world, in the order in which they are sent, whoever sends them.
package struct Course: Sendable {
  /// Milliseconds of a message that is in time.
  static let onTheWay = 10

  /// Fates of the messages from `begin` on; those before and after are delivered.
  let word: [Fate]
  let begin: Int
  /// Milliseconds: how much later than usual a late message is, and the copy of a doubled one.
  let lateness: Int
  package private(set) var messages = 0

  init(_ word: [Fate], from begin: Int, lateness: Int) {
    self.word = word
    self.begin = begin
    self.lateness = lateness
  }

  /// When the copies of the next message arrive; none = it is lost.
  mutating func delays() -> [Interval] {
    let place = messages - begin
    messages += 1
    let fate = word.indices.contains(place) ? word[place] : .delivered
    let (usual, late) = (Course.onTheWay, Course.onTheWay + lateness)
    switch fate {
    case .delivered: return [.milliseconds(usual)]
    case .lost: return []
    case .doubled: return [.milliseconds(usual), .milliseconds(late)]
    case .late: return [.milliseconds(late)]
    }
  }
}
