import RCMLDocument

/// A 2xx answer to a document request.
package struct Retrieved: Sendable {
  /// After redirects: the base of relative URLs in it (spec G-18).
  package var finalURL: String
  /// The Content-Type header's value as received; empty = none.
  package var contentType: String
  package var body: [UInt8]
  package var origin: DocumentOrigin
  /// Of the 2xx.
  package var status: UInt16

  package init(
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
