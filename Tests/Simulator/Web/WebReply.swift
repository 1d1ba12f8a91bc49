/// What the scripted web server does with one request.
package struct WebReply: Sendable {
  package enum Kind: Sendable {
    case document(String)
    case status(UInt16)
    /// To this path of the same server.
    case redirect(String)
    case unreachable
    case unresolved
    /// Nothing ever comes.
    case silent
  }

  package var kind: Kind
  /// Milliseconds until the answer.
  package var delay: Int

  package init(_ kind: Kind, delay: Int = 20) {
    self.kind = kind
    self.delay = delay
  }
}
