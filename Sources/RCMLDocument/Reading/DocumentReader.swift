import RCMLBasics

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

/// The contract of the document room: bytes in, a checked tree or an error out (spec G).
package enum DocumentReader {
  package static func read(
    _ bytes: [UInt8], contentType: String, url: String, settings: Settings
  ) -> Reading {
    Reading(
      document: nil,
      error: Finding(
        severity: .error, code: .documentError, text: "No document can be read yet."))
  }
}
