/// How an exchange ended.
package enum WebAnswer: Equatable, Sendable {
  case answered(HTTPAnswer)
  case failed(HTTPFailure)
}
