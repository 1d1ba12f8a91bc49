import RCMLAgent
import RCMLBasics

/// When something happens, and whom it is told. Handed to a part with everything it is to do, so that no part knows whose it
/// is.
struct Turn {
  let now: Instant
  private let conversation: Conversation

  init(_ conversation: Conversation, _ now: Instant) {
    self.conversation = conversation
    self.now = now
  }

  /// What came from outside: the core hears it at once.
  func feed(_ input: Input) { conversation.feed(input, at: now) }

  /// What was learned, perhaps while performing an output: the core hears it when it has finished speaking.
  func tell(_ input: Input) { conversation.tell(input, at: now) }
}
