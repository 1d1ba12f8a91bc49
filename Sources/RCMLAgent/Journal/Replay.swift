import RCMLBasics

/// Proves a journal: a fresh agent is told the same, and must say the same, octet for octet.
public enum Replay {
  public static func run(_ bytes: [UInt8]) throws(JournalError) -> ReplayResult {
    try run(bytes, on: Agent())
  }

  static func run(_ bytes: [UInt8], on agent: Agent) throws(JournalError) -> ReplayResult {
    let result: Result<ReplayResult, JournalError> = bytes.withUnsafeBytes { lent in
      do throws(JournalError) {
        var replay = try Run(journal: JournalReader(lent), agent: agent)
        return .success(try replay.all())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private struct Run {
    private var journal: JournalReader
    private let agent: Agent
    private var result = ReplayResult()
    private let writer = Archive()
    private let start: Instant
    /// What our own command came to, until the journal's result was compared with it.
    private var answer: Result<CommandResult, Refusal>?

    init(journal: JournalReader, agent: Agent) {
      self.journal = journal
      self.agent = agent
      start = journal.instant
      result.product = journal.product
    }

    mutating func all() throws(JournalError) -> ReplayResult {
      var current = try journal.next()
      while result.difference == nil, let record = current {
        current = try journal.next()
        // What an input came to stands behind it, where its own octets are masked.
        while let following = current, case .name(let name) = following.content {
          if case .verdict(let verdict) = name { agent.foresee(verdict) }
          result.records = following.number
          current = try journal.next()
        }
        step(record)
        result.records = max(result.records, record.number)
        result.duration = record.instant - start
      }
      result.isTorn = journal.isTorn
      return result
    }

    private mutating func step(_ record: JournalRecord) {
      switch record.content {
      case .input(let input):
        result.inputs += 1
        agent.handle(input, at: record.instant)
      case .command(let command):
        result.inputs += 1
        // What is secret depends on it: the mask has to know.
        if case .set("signature_header", let value) = command {
          _ = writer.mask.setting("signature_header", value)
        }
        answer = agent.perform(command, at: record.instant)
      case .result(let recorded):
        guard let replayed = answer else { return }
        answer = nil
        writer.begin()
        _ = try? writer.result(replayed)
        guard !writer.bytes.elementsEqual(record.fields) else { return }
        differ(record, JournalWords.result(recorded), JournalWords.result(replayed))
      case .output(let recorded):
        result.outputs += 1
        guard let replayed = agent.nextOutput() else {
          return differ(record, JournalWords.output(recorded), "nothing")
        }
        writer.begin()
        _ = try? writer.output(replayed)
        guard !writer.bytes.elementsEqual(record.fields) else { return }
        differ(record, JournalWords.output(recorded), JournalWords.output(replayed))
        result.difference?.detail = JournalWords.firstDifference(
          Array(record.fields), writer.bytes)
      case .drained:
        guard let replayed = agent.nextOutput() else { return }
        differ(record, "nothing", JournalWords.output(replayed))
      case .name: break
      case .omitted(let kind, let octets):
        differ(
          record, "\(JournalWords.kind(kind)) of \(octets) octets, too long for a journal",
          "nothing that could be compared")
      case .gap(let records):
        differ(
          record, "\(records) records are lacking, the disk did not take them",
          "nothing that could be compared")
      case .continuation(let records):
        differ(
          record, "it begins in the middle, \(records) records stand in files before it",
          "nothing that could be compared")
      }
    }

    private mutating func differ(
      _ record: JournalRecord, _ recorded: String, _ replayed: String
    ) {
      result.difference = ReplayDifference(
        time: record.instant - start, record: record.number, recorded: recorded,
        replayed: replayed, detail: "")
    }
  }
}
