/// Why something ended without success, or why a document ended (spec E-9): made where it is known, carried to whoever is
/// told, and nowhere made up again.
public struct Reason: Hashable, Sendable {
  /// Usually the code's own; at the end of a document what it meant for that.
  public var word: ReasonWord
  public var code: ReasonCode
  /// The SIP status that said so; 0 = there was none.
  public var sipStatus: UInt16
  /// For people: one sentence, with the peer or the URL, and never a secret.
  public var sentence: String

  public init(
    _ code: ReasonCode, _ sentence: String, word: ReasonWord? = nil, sipStatus: UInt16 = 0
  ) {
    self.word = word ?? code.word
    self.code = code
    self.sipStatus = sipStatus
    self.sentence = sentence
  }

  /// `place`: the peer, the name or the URL it happened at; empty = it has none.
  public init(
    _ code: ReasonCode, at place: String = "", word: ReasonWord? = nil, sipStatus: UInt16 = 0
  ) {
    self.init(code, code.sentence(at: place), word: word, sipStatus: sipStatus)
  }

  /// Another document runs instead.
  public var ifReplaced: Reason? { word == .replaced ? self : nil }

  /// What ended a call, or its document, as the reason of a party that was given up because of it.
  public var asCanceled: Reason {
    switch word {
    case .end, .hangup, .rejected, .dialFailed, .noDocument, .stopped, .replaced:
      meaning(.canceled)
    case .refused, .unreachable, .unresolved, .timeout, .noTransport, .invalidTarget, .denied,
      .media, .authentication, .loop, .limit, .canceled, .screening:
      self
    }
  }

  /// The same cause, as the end of something larger.
  public func meaning(_ word: ReasonWord) -> Reason {
    var reason = self
    reason.word = word
    return reason
  }
}
