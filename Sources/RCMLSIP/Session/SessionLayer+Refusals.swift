import RCMLBasics

/// Why an INVITE of ours was refused for good (spec E-9): what the response says, and what we know besides.
extension SessionLayer {
  func refusal(
    of session: Session, _ client: ClientTransaction, _ message: Message
  ) -> Reason {
    refusal(message, by: client.head.uri, as: cause(of: session, message.statusCode))
  }

  /// `code`: what it was, where that is more than the status says.
  func refusal(_ message: Message, by uri: [UInt8], as code: ReasonCode?) -> Reason {
    let said = Array(message.phrase)
    let phrase = said.isEmpty ? ReasonPhrase.octets(of: message.statusCode) : said
    return .refused(message.statusCode, phrase, by: DialledPlace.words(of: uri), as: code)
  }

  private func cause(of session: Session, _ status: UInt16) -> ReasonCode? {
    switch status {
    case 401, 407: return session.attempt?.obstacle
    case 300..<400:
      if settings.redirects.followed == 0 { return .redirectNotFollowed }
      return session.attempt?.redirection?.isCircle == true ? .redirectLoop : nil
    default: return nil  // numbers, not cases
    }
  }
}
