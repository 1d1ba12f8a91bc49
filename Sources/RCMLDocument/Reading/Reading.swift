/// What became of the bytes of a document.
package struct Reading: Sendable {
  /// nil = a document error; then `error` says why.
  package var document: Document?
  package var findings: [Finding]
  package var error: Finding?

  package init(document: Document?, findings: [Finding] = [], error: Finding? = nil) {
    self.document = document
    self.findings = findings
    self.error = error
  }
}
