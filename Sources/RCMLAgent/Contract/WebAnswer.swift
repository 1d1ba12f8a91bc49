/// How an exchange ended.
public enum WebAnswer: Equatable, Sendable {
  case answered(HTTPAnswer)
  case failed(HTTPFailure)
}
