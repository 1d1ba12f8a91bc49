/// Whose word a document is (spec Y-5): what it makes the engine ask for is bounded by where it came from.
public enum DocumentOrigin: Hashable, Sendable {
  /// Given by the host, or fetched from a loopback, private, link-local or metadata address.
  case inside
  /// Fetched from a public address.
  case outside

  /// Of verbs of two documents that run as one.
  public func narrowed(by other: DocumentOrigin) -> DocumentOrigin {
    other == .outside ? .outside : self
  }
}
