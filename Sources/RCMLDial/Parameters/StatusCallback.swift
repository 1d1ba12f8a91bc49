import RCMLBasics
import RCMLDocument

/// One status callback as it is to be sent (spec K, P-20 …): only its delivery is left to be done.
package struct StatusCallback: Sendable {
  /// Absolute; may carry user info and a fragment of connection overrides (spec H-6, H-23).
  package var url: String
  package var method: String
  /// In the order of the tables of spec §12 (H-4).
  package var parameters: [Parameter]
  /// Of the document that wants it.
  package var origin: DocumentOrigin
  /// Of what it tells of (spec E-9).
  package var reason: Reason?

  package init(
    url: String, method: String, parameters: [Parameter], origin: DocumentOrigin
  ) {
    self.origin = origin
    self.url = url
    self.method = method
    self.parameters = parameters
  }
}
