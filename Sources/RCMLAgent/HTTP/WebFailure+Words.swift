import RCMLDial

extension WebInput {
  /// A 2xx is a document (spec H-1); everything else is a failure with its cause.
  init(_ outcome: WebOutcome) {
    switch outcome {
    case .answered(let url, let answer, _) where (200...299).contains(answer.status):
      self = .retrieved(
        Retrieved(
          finalURL: url, contentType: answer.contentType, body: answer.body,
          origin: answer.isPublic ? .outside : .inside))
    case .answered(_, let answer, _):
      self = .failed(
        .status(
          answer.status, ReplyWords(contentType: answer.contentType, body: answer.body)))
    case .failed(let failure):
      self = .failed(RetrievalFailure(failure))
    }
  }
}

extension RetrievalFailure {
  init(_ failure: WebFailure) {
    switch failure {
    case .tooManyRedirects: self = .tooManyRedirects
    case .refused: self = .refused
    case .exchange(let failure):
      switch failure {
      case .unresolved: self = .unresolved
      case .unreachable, .tls, .connectTimedOut, .garbled, .unavailable: self = .unreachable
      case .timedOut: self = .timedOut
      case .tooLarge: self = .tooLarge
      case .refused: self = .refused
      }
    }
  }
}

extension WebFailure {
  /// For people.
  var sentence: String {
    switch self {
    case .tooManyRedirects: "more than \(WebClient.redirectLimit) redirects in a row"
    case .refused: "its URL, or one it was redirected to, may not be asked"
    case .exchange(let failure):
      switch failure {
      case .unresolved: "the server's name is not known"
      case .unreachable: "the server cannot be reached"
      case .tls: "no secure connection could be made"
      case .connectTimedOut: "the server did not accept the connection in time"
      case .timedOut: "the server did not answer in time"
      case .tooLarge: "the answer is too large"
      case .refused: "the server's address may not be asked"
      case .garbled: "the server does not speak HTTP"
      case .unavailable: "libcurl is not installed on this machine"
      }
    }
  }
}
