import RCMLBasics

extension Settings {
  /// What every exchange has in common.
  var web: WebSettings {
    var web = WebSettings()
    web.userAgent = Array(product.utf8)
    web.idempotencyHeader = Array(idempotencyHeader.utf8)
    web.bodyLimit = maxDocumentBytes
    web.blockPrivate = httpBlockPrivate
    web.asksAboutURLs = askURLs == .all
    web.verifiesTLS = tlsVerify
    web.tracesRequests = traceparent
    web.movesQueryIntoBody = queryInBody
    web.logLimit = httpLog ? httpLogLimit : nil
    web.signature = signingKey.map {
      Signature(key: $0, header: Array(signatureHeader.utf8), mode: signatureMode)
    }
    return web
  }

  /// Requests whose reply is a document (spec H-10, H-20).
  var documentPolicy: ConnectionPolicy {
    ConnectionPolicy(
      connectTimeout: httpConnectTimeout, attemptTimeout: httpTimeout, totalTimeout: nil,
      retries: httpRetries,
      retryOn: ConnectionPolicy.RetryOn(words: httpRetryOn.joined(separator: ",")),
      firstPause: .zero)
  }

  /// Status callbacks (spec K-12, K-13).
  var callbackPolicy: ConnectionPolicy {
    ConnectionPolicy(
      connectTimeout: httpConnectTimeout, attemptTimeout: callbackTimeout,
      totalTimeout: .seconds(30), retries: callbackRetries,
      retryOn: [.connect, .read, .serverError, .later], firstPause: .milliseconds(500))
  }
}
