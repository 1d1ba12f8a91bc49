import RCMLBasics

/// A document request that failed finally: retries, redirects and fallback are spent (spec H-20, H-21).
public enum RetrievalFailure: Hashable, Sendable {
  /// What the web server answered.
  case status(UInt16, ReplyWords = ReplyWords())
  /// There was no answer: why, for people.
  case exchange(ReasonCode, String)
  case tooLarge
  case tooManyRedirects
  /// A scheme or address that may not be asked (spec G-18, Y-4), or the host's word.
  case refused(ReasonCode)
}

extension RetrievalFailure {
  /// For people, and for the Reason header of M-32.
  var sentence: String {
    switch self {
    case .status(let code, _): "the web server answered \(code)"
    case .exchange(_, let sentence): sentence
    case .tooLarge: "the document is too large"
    case .tooManyRedirects: "the web server redirected too often"
    case .refused(.urlDenied): "the host does not allow to ask this URL"
    case .refused(.webAddressBlocked): "the web server's address may not be asked"
    case .refused(.webRedirectUseless): "the web server redirects to where nobody may ask"
    case .refused: "the URL may not be requested"
    }
  }

  /// The same for the host, with what the reply was and where it came from (spec H-34). `url`: empty = nobody was asked.
  func report(_ url: String) -> String {
    var text = sentence
    if case .status(_, let words) = self { text += words.remark }
    return url.isEmpty ? text : text + " (\(CallMachine.withoutUserInfo(url)))"
  }

  /// For the end of a document. `url`: as above.
  func reason(_ url: String) -> Reason {
    Reason(
      code, report(url).prefix(1).uppercased() + report(url).dropFirst() + ".", word: .noDocument)
  }

  private var code: ReasonCode {
    switch self {
    case .status(let status, _): ReasonCode(webStatus: status)
    case .exchange(let code, _), .refused(let code): code
    case .tooLarge: .webTooLarge
    case .tooManyRedirects: .webRedirectLoop
    }
  }

  var isNotFound: Bool { if case .status(404, _) = self { true } else { false } }
}
