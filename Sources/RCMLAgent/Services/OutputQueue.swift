import RCMLBasics
import RCMLDocument
import RCMLMedia

/// What the agent puts out, in order; it is counted and, where a journal is kept, written down on the way.
final class OutputQueue {
  private var outputs = HandoverQueue<Output>()
  /// All outputs are of the last input; false: there are others, or it stays in the journal anyway.
  private var isInputAlone = false
  private(set) var counters = AgentCounters()
  private(set) var refusals = RefusalTally()
  private(set) var journal: JournalWriter?
  let mirror = MessageMirror()

  func append(_ output: consuming Output) { outputs.append(output) }

  func append(_ command: MediaCommand) { outputs.append(.media(command)) }

  func tell(_ event: HostEvent) {
    counters.count(event)
    outputs.append(.tell(event))
  }

  // MARK: limits

  /// A limit has refused something, and the host hears of it elsewhere.
  func count(_ limit: Limit) { refusals.count(limit) }

  /// A limit has refused something: the host is told, and it is counted (spec Y-13).
  func refuse(_ limit: Limit, _ count: UInt64 = 1) {
    refusals.refuse(limit, count)
    keepInput()
  }

  func tellRefusals(at now: Instant) {
    while let (limit, count) = refusals.popDue(at: now) {
      tell(.finding(nil, Finding(limit, refused: count)))
    }
  }

  func popFirst() -> Output? {
    guard let output = outputs.popFirst() else {
      journal?.drained()
      return nil
    }
    journal?.output(output)
    return output
  }

  // MARK: the journal

  func keep(_ journal: JournalWriter?) { self.journal = journal }
  func record(_ input: Input, at now: Instant) {
    isInputAlone = outputs.isEmpty
    journal?.input(input, at: now)
  }
  func record(_ command: Command, at now: Instant) { journal?.command(command, at: now) }
  func record(_ result: Result<CommandResult, Refusal>) { journal?.result(result) }
  func record(_ name: JournalName) {
    mirror.learn(name)
    journal?.name(name)
  }
  /// The last input, with what came of it, unless that is more than an answer and a word about it (spec Y-7).
  func leaveOut() {
    if isInputAlone, outputs.allSatisfy(OutputQueue.isRefusal) { journal?.leaveOutInput() }
  }

  /// The last input has changed something.
  func keepInput() { isInputAlone = false }

  private static func isRefusal(_ output: borrowing Output) -> Bool {
    switch output {
    case .network(.send), .tell(.refused), .tell(.message): true
    case .network, .names, .web, .media, .tell: false
    }
  }

  func takeJournal() -> [UInt8] { journal?.takeOctets() ?? [] }

  // MARK: the counters

  func count(keyBy way: KeyPress.Way) { counters.count(keyBy: way) }
  func count(_ beginning: AgentCounters.Beginning) { counters.count(beginning) }
  func countCallback(isDelivered: Bool) { counters.countCallback(isDelivered: isDelivered) }
}
