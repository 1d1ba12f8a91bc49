/// Where a document comes from.
public enum DocumentSource: Equatable, Sendable {
  /// `baseURL`: what relative URLs in it are resolved against; empty = the setting `base_url` (spec G-18).
  case text([UInt8], baseURL: String)
  case url(String, method: String)
}
