/// What runs on the caller once the Dial has ended, instead of its action (spec L-39, U-40).
enum QueuedDocument {
  case given(DocumentSource)
  /// The reply to `referUrl`.
  case transfer(Interpreter.Fetch)
}
