import RCMLBasics
import RCMLDocument

/// A request whose reply is a document (spec H-1).
public struct DocumentRequest: Sendable {
  public enum Purpose: UInt8, Hashable, Sendable {
    case voice, screening, gather, record, redirect, action, refer
    /// In place of a verb (D-28).
    case verb
  }

  public var purpose: Purpose
  /// Absolute; may carry user info and a fragment of connection overrides (spec H-6, H-23).
  public var url: String
  public var method: String
  /// In the order of the tables of spec §12 (H-4).
  public var parameters: [Parameter]
  /// Of the document that wants it.
  public var origin: DocumentOrigin
  /// Of what it is about (spec E-9); nil = nothing has failed.
  public var reason: Reason?

  public init(
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
