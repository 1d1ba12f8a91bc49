import RCMLBasics
import RCMLDocument

/// A request whose reply is a document (spec H-1).
package struct DocumentRequest: Sendable {
  package enum Purpose: UInt8, Hashable, Sendable {
    case voice, screening, gather, record, redirect, action, refer
    /// In place of a verb (D-28).
    case verb
  }

  package var purpose: Purpose
  /// Absolute; may carry user info and a fragment of connection overrides (spec H-6, H-23).
  package var url: String
  package var method: String
  /// In the order of the tables of spec §12 (H-4).
  package var parameters: [Parameter]
  /// Of the document that wants it.
  package var origin: DocumentOrigin
  /// Of what it is about (spec E-9); nil = nothing has failed.
  package var reason: Reason?

  package init(
    purpose: Purpose, url: String, method: String, parameters: [Parameter],
    origin: DocumentOrigin, reason: Reason? = nil
  ) {
    self.reason = reason
    self.origin = origin
    self.purpose = purpose
    self.url = url
    self.method = method
    self.parameters = parameters
  }
}
