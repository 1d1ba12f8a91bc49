import RCMLBasics
import RCMLDocument

/// One status callback as it is to be sent (spec K, P-20 …): only its delivery is left to be done.
public struct StatusCallback: Sendable {
  /// Absolute; may carry user info and a fragment of connection overrides (spec H-6, H-23).
  public var url: String
  public var method: String
  /// In the order of the tables of spec §12 (H-4).
  public var parameters: [Parameter]
  /// Of the document that wants it.
  public var origin: DocumentOrigin
  /// Of what it tells of (spec E-9).
  public var reason: Reason?

  public init(
    url: String, method: String, parameters: [Parameter], origin: DocumentOrigin
  ) {
    self.origin = origin
    self.url = url
    self.method = method
    self.parameters = parameters
  }
}
