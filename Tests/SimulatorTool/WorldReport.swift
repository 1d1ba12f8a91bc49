import RCMLAgent
import Simulator

/// One world, told in full: its journal in a file, its ladder, and what broke.
struct WorldReport {
  let journalPath: String?
  let drawsLadder: Bool

  /// `name`: what the world is called; `again`: the options that run it once more; `size`: what is said of one in which all
  /// held; `story`: what stands above its ladder. The result is that of the program.
  func tell(
    _ outcome: World.Outcome, _ name: String, again: String, size: String,
    story: () -> String? = { nil }
  ) -> Int32 {
    if let journalPath, !Files.write(outcome.journal, to: journalPath) {
      Files.complain("\(journalPath) cannot be written")
      return 1
    }
    if outcome.violation != nil || drawsLadder {
      if let story = story() { print(story) }
      print((try? Ladder.draw(outcome.journal)) ?? "The journal cannot be read.")
    }
    guard let violation = outcome.violation else {
      print("\(name): every invariant held; \(size)")
      return 0
    }
    print("\(name): \(violation.invariant.rawValue): \(violation.text)")
    print("again: Scripts/simulate \(again)")
    return 1
  }
}
