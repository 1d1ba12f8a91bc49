import RCMLBasics

/// One machine, one input, one output: SIP, documents and Dial married, with no clock, no IO and no chance of
/// its own (architecture §3).
package final class Agent {
  package init() {}

  package func handle(_ input: Input, at now: Instant) {}

  package func perform(_ command: Command, at now: Instant) -> Result<CommandResult, Refusal> {
    .success(.done)
  }

  package func nextOutput() -> Output? { nil }

  package var nextDeadline: Deadline? { nil }
}
