import RCMLBasics
import Simulator

/// `simulate`: runs worlds by their seeds and shows the first that breaks an invariant.
struct SimulateCommand {
  private static let usage = """
    simulate --seeds N [--from S] [--journal-every K]   runs N worlds, seeds S, S+1, …
    simulate --seed S [--ladder] [--journal FILE]       runs one world, and draws it
    simulate --seed S --trace                           says all that left the agent: for a diff of two builds
    simulate --walk …, --walk-one WORD                  every way through small worlds; --walk --help says more

      --journal-every K  journals every K-th world and proves it by replay (default 50, 0 = none)
      --twin-every K     runs every K-th world again with perfect callback endpoints (I-C7; default 5, 0 = none)
      --rings            several agents that call each other and themselves (Y-6)
      --reference        compares simple worlds with a second reading of the specification (I-R1)
      --silent           worlds without sound only
      --digests FILE     compares what left the agent in each world with what FILE says, and names each other seed
      --record           with --digests: writes FILE
      --keep-going       reports every failing seed, not only the first
    """

  private var seeds: UInt64 = 0
  private var from: UInt64 = 1
  private var one: UInt64?
  private var every: UInt64 = 50
  private var twinEvery: UInt64 = 5
  private var drawsLadder = false
  private var compares = false
  private var runsRings = false
  private var keepsGoing = false
  private var isSilent = false
  private var journalPath: String?
  private var digestPath: String?
  private var records = false
  private var traces = false
  private var problem: String?

  init(_ arguments: [String]) {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      switch name {
      case "--ladder": drawsLadder = true
      case "--reference": compares = true
      case "--rings": runsRings = true
      case "--keep-going": keepsGoing = true
      case "--silent": isSilent = true
      case "--trace": traces = true
      case "--record": records = true
      case "--help": problem = ""
      case "--seeds", "--from", "--seed", "--journal-every", "--twin-every",
        "--journal", "--digests":
        guard let value = rest.popFirst() else {
          problem = "\(name) wants a value"
          return
        }
        take(name, value)
      default: problem = "unknown option \(name)"
      }
    }
    if problem == nil, seeds == 0, one == nil { problem = "say which seeds" }
  }

  private mutating func take(_ name: String, _ value: String) {
    if name == "--journal" {
      journalPath = value
      return
    }
    if name == "--digests" {
      digestPath = value
      return
    }
    guard let number = UInt64(value) else {
      problem = "\(name) wants a number, not \(value)"
      return
    }
    switch name {
    case "--seeds": seeds = number
    case "--from": from = number
    case "--seed": one = number
    case "--twin-every": twinEvery = number
    default: every = number
    }
  }

  func run() -> Int32 {
    if let problem {
      Files.complain((problem.isEmpty ? "" : problem + "\n") + SimulateCommand.usage)
      return problem.isEmpty ? 0 : 2
    }
    if compares { return compare() }
    if runsRings { return ring() }
    if let one, traces {
      print(Simulation.trace(of: one, hasSound: !isSilent).joined(separator: "\n"))
      return 0
    }
    if let one { return show(one) }
    var table = DigestTable()
    if let digestPath, !records {
      guard let text = Files.read(digestPath), let known = DigestTable(text) else {
        Files.complain("\(digestPath) cannot be read")
        return 2
      }
      table = known
    }
    var digests: [UInt64] = []
    var inputs = 0
    var virtual = Interval.zero
    var (withSound, packets, pictures) = (0, 0, 0)
    var failures: [UInt64] = []
    var progress = Progress(of: seeds, "worlds")
    for seed in from..<(from + seeds) {
      progress.step(seed - from, failures: failures.count)
      let journals = every > 0 && seed % every == 0
      let outcome = Simulation.run(
        seed: seed, journals: journals, twins: twinEvery > 0 && seed % twinEvery == 0,
        hasSound: !isSilent)
      if digestPath != nil { digests.append(outcome.digest.value) }
      inputs += outcome.inputs
      withSound += outcome.hasSound ? 1 : 0
      packets += outcome.packets
      pictures += outcome.pictures
      virtual = Interval(nanoseconds: virtual.nanoseconds + outcome.duration.nanoseconds)
      guard let violation = outcome.violation else { continue }
      failures.append(seed)
      progress.end()
      print("seed \(seed): \(violation.invariant.rawValue): \(violation.text)")
      if !keepsGoing {
        _ = show(seed)
        return 1
      }
    }
    progress.end()
    print(
      "\(seeds) worlds, seeds \(from) to \(from + seeds - 1): \(failures.count) broke an invariant; "
        + "\(inputs) inputs, \(virtual.wholeSeconds / 3600) hours of virtual time; "
        + "\(withSound) with sound, \(packets) packets, \(pictures) of video passed on")
    let isAsBefore = judge(digests, table)
    return failures.isEmpty && isAsBefore ? 0 : 1
  }

  /// Writes the digests of this run, or says which are not what they were.
  private func judge(_ digests: [UInt64], _ table: DigestTable) -> Bool {
    guard let digestPath else { return true }
    if records {
      var table = DigestTable()
      table.add(digests, from: from)
      guard Files.write(Array(table.text.utf8), to: digestPath) else {
        Files.complain("\(digestPath) cannot be written")
        return false
      }
      return true
    }
    let result = table.compare(digests, from: from)
    let shown = keepsGoing ? result.changed.count : 10
    for seed in result.changed.prefix(shown) { print("seed \(seed): its digest is another") }
    for first in result.unnamed { print("a seed after \(first): its digest is another") }
    if result.changed.count > shown {
      print("… and those of \(result.changed.count - shown) more")
    }
    if result.unknown > 0 { print("\(result.unknown) seeds have no digest in \(digestPath)") }
    if result.isSame { print("\(digests.count) digests are what they were") }
    if let seed = result.changed.first {
      print(
        "what it says: Scripts/simulate --seed \(seed) --trace, with this build and with the one before"
      )
    }
    return result.isSame
  }

  /// Agents that call each other: what one INVITE may lead to.
  private func ring() -> Int32 {
    var failures = 0
    let first = one ?? from
    let last = one ?? from + seeds - 1
    var progress = Progress(of: last - first + 1, "rings")
    for seed in first...last {
      progress.step(seed - first, failures: failures)
      let scenario = RingScenario(seed: seed)
      if one != nil { print(scenario.story) }
      guard let violation = scenario.run() else { continue }
      failures += 1
      progress.end()
      print("seed \(seed): \(violation.invariant.rawValue): \(violation.text)")
      if !keepsGoing {
        if one == nil { print(scenario.story) }
        return 1
      }
    }
    progress.end()
    print("\(last - first + 1) rings, seeds \(first) to \(last): \(failures) broke an invariant")
    return failures == 0 ? 0 : 1
  }

  /// Simple worlds, in which the specification is read a second time (I-R1).
  private func compare() -> Int32 {
    let first = one ?? from
    var (same, ambiguous, different) = (0, 0, 0)
    let count = one == nil ? seeds : 1
    var progress = Progress(of: count, "worlds")
    for seed in first..<(first + count) {
      progress.step(seed - first, failures: different)
      switch Comparison.run(seed: seed) {
      case .same: same += 1
      case .ambiguous: ambiguous += 1
      case .different(let text):
        different += 1
        progress.end()
        print("seed \(seed): I-R1: \(text)\n\(Comparison.story(of: seed))")
        if !keepsGoing { return 1 }
      }
    }
    progress.end()
    print(
      "\(same + different) worlds as the reference tells them, \(different) otherwise; "
        + "\(ambiguous) too close to tell")
    return different == 0 ? 0 : 1
  }

  /// One world, told in full.
  private func show(_ seed: UInt64) -> Int32 {
    let outcome = Simulation.run(
      seed: seed, journals: true, twins: twinEvery > 0,
      hasSound: !isSilent)
    return WorldReport(journalPath: journalPath, drawsLadder: drawsLadder).tell(
      outcome, "seed \(seed)", again: "--seed \(seed)", size: "\(outcome.inputs) inputs",
      story: { Simulation.story(of: seed) })
  }
}
