import RCMLBasics
import RCMLDocument

/// What every exchange of an agent has in common (spec H-2, H-5, H-7, H-22, H-24, Y-4, G-3).
struct WebSettings {
  /// Empty = none is sent (U-66).
  var userAgent: [UInt8] = Array(Product.token.utf8)
  var idempotencyHeader: [UInt8] = Array("Idempotency-Key".utf8)
  var bodyLimit = 65_536
  var blockPrivate = Settings.BlockPrivate.never
  /// The host is asked about each URL before it is requested (`ask_urls`, Y-4).
  var asksAboutURLs = false
  var verifiesTLS = true
  /// Requests carry a W3C `traceparent`.
  var tracesRequests = false
  /// nil = requests are not signed (spec H-22).
  var signature: Signature?
  /// Octets of each body that the host is told of every exchange; nil = it is told of none (`http_log`).
  var logLimit: Int?
  /// The URL's own query goes into the body of a POST, before our parameters (preset restcomm, spec H-2).
  var movesQueryIntoBody = false

  /// Y-4, Y-5.
  func blocksPrivateAddresses(for origin: DocumentOrigin) -> Bool {
    switch blockPrivate {
    case .always: true
    case .never: false
    case .auto: origin == .outside
    }
  }
}
