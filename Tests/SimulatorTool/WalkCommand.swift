import Simulator

/// `simulate --walk`: goes every way through small worlds and shows the first on which an invariant breaks.
struct WalkCommand {
  private static let usage = """
    simulate --walk [--faults F] [--letters N]     every word of up to N letters (12), at most F (4) of them not D
    simulate --walk-one WORD [--ladder] [--journal FILE]   one of them, such as race/DDLX, and draws it

      D delivered, L lost, X doubled, T late: what becomes of each message, in the order in which they are sent
      --plot NAME        only this one of \(Plot.allCases.map(\.rawValue).joined(separator: ", "))
      --share I/N        the I-th of N parts, from 0 on
      --journal-every K  journals each K-th and proves it by replay (default 50, 0 = none)
      --keep-going       reports every failing word, not only the first
    """

  private var one: Interleaving?
  private var plots = Plot.allCases
  private var faults = 4
  private var letters = 12
  private var share = (number: 0, of: 1)
  private var every = 50
  private var keepsGoing = false
  private var drawsLadder = false
  private var journalPath: String?
  private var problem: String?

  init(_ arguments: [String]) {
    var rest = arguments[...]
    while problem == nil, let name = rest.popFirst() {
      switch name {
      case "--walk": break
      case "--keep-going": keepsGoing = true
      case "--ladder": drawsLadder = true
      case "--help": problem = ""
      case "--walk-one", "--plot", "--faults", "--letters", "--share", "--journal-every",
        "--journal":
        guard let value = rest.popFirst() else {
          problem = "\(name) wants a value"
          return
        }
        take(name, value)
      default: problem = "a walk has no option \(name)"
      }
    }
  }

  private mutating func take(_ name: String, _ value: String) {
    let isUnderstood: Bool
    switch name {
    case "--walk-one":
      one = Interleaving(value)
      isUnderstood = one != nil
    case "--plot":
      plots = Plot(rawValue: value).map { [$0] } ?? []
      isUnderstood = !plots.isEmpty
    case "--share":
      let parts = value.split(separator: "/").compactMap { Int($0) }
      isUnderstood = parts.count == 2 && parts[0] >= 0 && parts[0] < parts[1]
      if isUnderstood { share = (parts[0], parts[1]) }
    case "--journal":
      journalPath = value
      isUnderstood = true
    default:
      let number = Int(value)
      isUnderstood = (number ?? -1) >= 0
      switch name {
      case "--faults": faults = number ?? faults
      case "--letters": letters = number ?? letters
      default: every = number ?? every
      }
    }
    if !isUnderstood { problem = "\(name) does not take \(value)" }
  }

  func run() -> Int32 {
    if let problem {
      Files.complain((problem.isEmpty ? "" : problem + "\n") + WalkCommand.usage)
      return problem.isEmpty ? 0 : 2
    }
    if let one { return show(one) }
    var walk = Walk(
      plots: plots, letters: letters, faults: faults, share: share, journalEvery: every)
    let goesOn = keepsGoing
    let count = walk.run { way, violation in
      print("\(way): \(violation.invariant.rawValue): \(violation.text)")
      if !goesOn { _ = show(way.shortened()) }
      return goesOn
    }
    print(
      "\(count.interleavings) interleavings of up to \(letters) messages in \(plots.count) plots, "
        + "at most \(faults) not delivered once and in time: \(count.failures) broke an invariant; "
        + "\(count.different) different ends, \(count.inputs) inputs, digest \(String(count.digest, radix: 16))"
    )
    return count.failures == 0 ? 0 : 1
  }

  /// One way, told in full.
  private func show(_ way: Interleaving) -> Int32 {
    let (outcome, messages) = way.run(journals: true)
    return WorldReport(journalPath: journalPath, drawsLadder: drawsLadder).tell(
      outcome, way.description, again: "--walk-one \(way)", size: "\(messages) messages")
  }
}
