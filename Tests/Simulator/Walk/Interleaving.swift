/// One way through a plot: `race/DDLXT`, what is printed and can be run again.
package struct Interleaving: Hashable, Sendable, CustomStringConvertible {
  package let plot: Plot
  package let word: [Fate]

  package init(_ plot: Plot, _ word: [Fate]) {
    self.plot = plot
    self.word = word
  }

  /// nil = there is no such plot, or a letter is none of `DLXT`.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let plot = Plot(rawValue: String(parts[0])) else { return nil }
    let fates = parts[1].map { Fate(rawValue: $0) }
    guard !fates.contains(nil) else { return nil }
    self.init(plot, fates.compactMap { $0 })
  }

  package var description: String { "\(plot.rawValue)/\(String(word.map(\.rawValue)))" }

  package var faults: Int { word.count { $0 != .delivered } }

  /// Runs it. `messages`: how many there were from the plot's first letter on.
  package func run(journals: Bool = false) -> (outcome: World.Outcome, messages: Int) {
    let world = World(seed: 1, scenario: plot.scenario(), journals: journals)
    world.course = Course(word, from: plot.begin, lateness: plot.lateness)
    var outcome = world.run()
    if journals { Simulation.prove(&outcome) }
    return (outcome, max(0, (world.course?.messages ?? 0) - plot.begin))
  }

  /// The same failure with as few faults, and as short a word, as can be had by taking away one after the other.
  package func shortened(
    failing: (Interleaving) -> Bool = { $0.run().outcome.violation != nil }
  ) -> Interleaving {
    for place in word.indices where word[place] != .delivered {
      var fewer = word
      fewer[place] = .delivered
      while fewer.last == .delivered { fewer.removeLast() }
      let way = Interleaving(plot, fewer)
      if failing(way) { return way.shortened(failing: failing) }
    }
    return self
  }
}
