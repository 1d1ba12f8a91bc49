/// Every way through the plots: each of up to `letters` messages delivered, lost, doubled or late, with at most `faults` of them
/// not simply delivered. A word is as long as its last fault, so that no two words say the same.
package struct Walk {
  package struct Count: Equatable, Sendable {
    package var interleavings = 0
    package var inputs = 0
    package var failures = 0
    /// Ways through which something else left the agent than through any other.
    package var different = 0
    /// Of all that left the agent, in all of them, whatever their order.
    package var digest: UInt64 = 0
  }

  private let plots: [Plot]
  private let letters: Int
  private let most: Int
  /// Which part of the whole is walked: the `number`-th of `of`.
  private let share: (number: Int, of: Int)
  private let every: Int
  private var branches = 0
  private var digests: Set<UInt64> = []
  private var count = Count()
  private var isStopped = false

  /// `journalEvery`: each so many-th is journaled and proved by replay; 0 = none.
  package init(
    plots: [Plot] = Plot.allCases, letters: Int = 12, faults: Int,
    share: (number: Int, of: Int) = (0, 1),
    journalEvery: Int = 0
  ) {
    self.plots = plots
    self.letters = letters
    most = faults
    self.share = share
    every = journalEvery
  }

  /// `failed` says whether to go on; `went` hears of each way of ours.
  package mutating func run(
    failed: (Interleaving, Violation) -> Bool, went: (Interleaving) -> Void = { _ in }
  ) -> Count {
    for plot in plots {
      visit(Interleaving(plot, []), isOurs: false, failed, went)
      digests.removeAll(keepingCapacity: true)
    }
    return count
  }

  /// The first two faults say whose a word is: each process runs the words above that by itself, and counts its own.
  private mutating func visit(
    _ way: Interleaving, isOurs: Bool, _ failed: (Interleaving, Violation) -> Bool,
    _ went: (Interleaving) -> Void
  ) {
    guard !isStopped else { return }
    let depth = way.faults
    var isOurs = isOurs
    if depth <= 2 {
      isOurs = branches % share.of == share.number
      branches += 1
      if depth == 2, !isOurs { return }
    }
    let journals = isOurs && every > 0 && count.interleavings % every == 0
    let (outcome, messages) = way.run(journals: journals)
    if isOurs {
      note(way, outcome, failed)
      went(way)
    }
    guard depth < most else { return }
    for place in way.word.count..<max(way.word.count, min(letters, messages)) {
      let between = [Fate](repeating: .delivered, count: place - way.word.count)
      for fate in Fate.faults {
        visit(
          Interleaving(way.plot, way.word + between + [fate]), isOurs: isOurs, failed, went)
      }
    }
  }

  private mutating func note(
    _ way: Interleaving, _ outcome: World.Outcome, _ failed: (Interleaving, Violation) -> Bool
  ) {
    count.interleavings += 1
    count.inputs += outcome.inputs
    count.digest &+= outcome.digest.value
    if digests.insert(outcome.digest.value).inserted { count.different += 1 }
    guard let violation = outcome.violation else { return }
    count.failures += 1
    isStopped = !failed(way, violation)
  }
}
