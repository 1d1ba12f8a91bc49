import RCMLBasics

/// One machine, one input, one output: SIP, documents and Dial married, with no clock, no IO and no chance of
/// its own (architecture §3).
package final class Agent {
  package init() {}

  /// Set before the first input or command, it is told everything in order; take its octets with `takeJournal`.
  package var journal: JournalWriter?

  /// What the journal holds since the last time; empty without one.
  package func takeJournal() -> [UInt8] { journal?.take() ?? [] }

  package func handle(_ input: Input, at now: Instant) {
    journal?.input(input, at: now)
  }

  package func perform(_ command: Command, at now: Instant) -> Result<CommandResult, Refusal> {
    journal?.command(command, at: now)
    let result: Result<CommandResult, Refusal> = .success(.done)
    journal?.result(result)
    return result
  }

  package func nextOutput() -> Output? {
    journal?.drained()
    return nil
  }

  package var nextDeadline: Deadline? { nil }

  package var census: Census { Census() }

  /// What the agent holds at this moment; all zero when nothing is left (invariant I-S6).
  package struct Census: Hashable, Sendable {
    package var calls = 0
    package var sessions = 0
    package var transactions = 0
    package var streams = 0
    /// HTTP exchanges and host requests under way, and callbacks waiting for their turn.
    package var exchanges = 0
    package var resolutions = 0
    package init() {}
  }
}
