import RCMLBasics

/// A question to the host that waits for its answer. Counted with the HTTP exchanges, because a `host:` URL is one that
/// the host answers: no question has the number of an exchange.
public struct QuestionID: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }

  init(_ exchange: ExchangeID) { number = exchange.number }
  var exchange: ExchangeID { ExchangeID(number) }
}
