import RCMLBasics
import RCMLDial

extension WebInput {
  /// A 2xx is a document (spec H-1); everything else is a failure with its cause.
  init(_ outcome: WebOutcome) {
    switch outcome {
    case .answered(let url, let answer, _) where (200...299).contains(answer.status):
      self = .retrieved(
        Retrieved(
          finalURL: url, contentType: answer.contentType, body: answer.body,
          origin: answer.isPublic ? .outside : .inside, status: answer.status))
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
    case .refused(let code): self = .refused(code)
    case .exchange(.refused): self = .refused(.webAddressBlocked)
    case .exchange(.tooLarge): self = .tooLarge
    case .exchange(let failure): self = .exchange(failure.code, failure.sentence)
    }
  }
}

extension WebFailure {
  var code: ReasonCode {
    switch self {
    case .tooManyRedirects: .webRedirectLoop
    case .refused(let code): code
    case .exchange(let failure): failure.code
    }
  }

  /// For people.
  var sentence: String {
    switch self {
    case .tooManyRedirects: "more than \(WebClient.redirectLimit) redirects in a row"
    case .refused: "its URL, or one it was redirected to, may not be asked"
    case .exchange(let failure): failure.sentence
    }
  }
}

extension HTTPFailure {
  /// For the catalogue: HTTPFailure.table.md.
  var code: ReasonCode {
    switch self {
    case .unresolved: .webUnresolved
    case .unreachable: .webUnreachable
    case .connectionRefused: .webConnectionRefused
    case .connectTimedOut: .webConnectTimedOut
    case .connectionLost, .noAnswer, .reset, .cutOff: .webBroken
    case .tls: .webTLS
    case .certificate: .webCertificate
    case .tlsTimedOut: .webConnectTimedOut
    case .timedOut, .bodyTimedOut: .webTimedOut
    case .noStatusLine, .headTooLong, .badChunks, .badEncoding, .garbled: .webGarbled
    case .tooLarge: .webTooLarge
    case .refused: .webAddressBlocked
    case .unavailable: .webUnavailable
    case .noMemory: .webNoMemory
    case .noTurn: .webNoTurn
    }
  }

  /// For people: HTTPFailure.table.md.
  var sentence: String {
    switch self {
    case .unresolved: "the web server's name could not be resolved"
    case .unreachable: "the web server could not be reached"
    case .connectionRefused: "the web server's machine refused the connection"
    case .connectTimedOut: "the web server did not accept the connection in time"
    case .connectionLost: "the web server ended a kept connection without an answer"
    case .tls: "no secure connection could be made with the web server"
    case .certificate: "the web server's certificate is not trusted"
    case .tlsTimedOut: "the web server did not finish the secure connection in time"
    case .timedOut: "the web server did not answer in time"
    case .bodyTimedOut: "the web server's answer was not complete in time"
    case .noAnswer: "the web server ended the connection without an answer"
    case .reset: "the connection broke off before the web server's answer was complete"
    case .cutOff: "the web server's answer is shorter than it says"
    case .noStatusLine: "the web server's answer has no status line (HTTP/0.9)"
    case .headTooLong: "the headers of the web server's answer are too long"
    case .badChunks: "the web server's answer is not chunked as it says"
    case .badEncoding: "the web server's answer is not encoded as it says"
    case .garbled: "the web server does not speak HTTP"
    case .tooLarge: "the web server's answer is too large"
    case .refused: "the web server's address may not be asked"
    case .unavailable: "libcurl is not installed on this machine"
    case .noMemory: "there is no memory for the web request"
    case .noTurn: "the web request's turn did not come in time, too many were under way"
    }
  }
}
