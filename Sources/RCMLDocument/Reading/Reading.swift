/// What became of the bytes of a document.
public struct Reading: Sendable {
  /// nil = a document error; then `error` says why.
  public var document: Document?
  public var findings: [Finding]
  public var error: Finding?

  public init(document: Document?, findings: [Finding] = [], error: Finding? = nil) {
    self.document = document
    self.findings = findings
    self.error = error
  }
}
