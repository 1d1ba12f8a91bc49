import RCMLDocument

/// A 2xx answer to a document request.
public struct Retrieved: Sendable {
  /// After redirects: the base of relative URLs in it (spec G-18).
  public var finalURL: String
  /// The Content-Type header's value as received; empty = none.
  public var contentType: String
  public var body: [UInt8]
  public var origin: DocumentOrigin
  /// Of the 2xx.
  public var status: UInt16

  public init(
    finalURL: String, contentType: String, body: [UInt8], origin: DocumentOrigin = .inside,
    status: UInt16 = 200
  ) {
    self.status = status
    self.finalURL = finalURL
    self.contentType = contentType
    self.body = body
    self.origin = origin
  }
}
