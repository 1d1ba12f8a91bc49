/// What the core wants of the web. No redirect is followed, nothing is retried; both are decided here.
public enum WebCommand: Equatable, Sendable {
  /// Answered by `Input.web` with the number of the exchange.
  case begin(HTTPExchange)
  case abort
}
