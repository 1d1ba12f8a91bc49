/// Octets that are no message, or one that must be refused before anybody acts on it (spec Q-24).
public struct Malformed: Sendable {
  /// 400, 501 or 505; 0 = drop it without a word (every response, and what cannot be answered).
  public let code: UInt16
  /// What is wrong, also the reason phrase of the answer: "Bad CSeq".
  public let reason: StaticString
  /// What an answer needs (Via, From, To, Call-ID, CSeq, each as far as it was there), or a final response of 300 or above that
  /// is only too long; nil = unanswerable.
  public let message: Message?
}

/// What a datagram, or one message's worth of a stream, turned out to be.
public enum MessageReading: Sendable {
  case message(Message)
  /// Nothing but line ends (RFC 5626 §3.5.1) or zeros, which keep a path through an address translator open.
  case keepAlive
  case malformed(Malformed)
}
