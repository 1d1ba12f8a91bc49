import RCMLAgent

/// How HTTP exchanges ended, each once.
public struct ExchangeCounters: Hashable, Sendable {
  public var answered2xx: UInt64 = 0
  public var answered3xx: UInt64 = 0
  public var answered4xx: UInt64 = 0
  public var answered5xx: UInt64 = 0
  public var unresolved: UInt64 = 0
  public var unreachable: UInt64 = 0
  public var timedOut: UInt64 = 0
  public var refused: UInt64 = 0
  /// Nobody wanted the answer any more.
  public var aborted: UInt64 = 0
  /// In any other way: TLS, an answer too large or garbled, a status that is none, no libcurl.
  public var failed: UInt64 = 0
  public init() {}

  mutating func note(_ answer: HTTPAnswer) {
    switch answer.status / 100 {
    case 2: answered2xx &+= 1
    case 3: answered3xx &+= 1
    case 4: answered4xx &+= 1
    case 5: answered5xx &+= 1
    default: failed &+= 1
    }
  }

  mutating func note(_ failure: HTTPFailure) {
    switch failure {
    case .unresolved: unresolved &+= 1
    case .unreachable, .connectionRefused, .connectionLost: unreachable &+= 1
    case .connectTimedOut, .timedOut, .tlsTimedOut, .bodyTimedOut, .noTurn: timedOut &+= 1
    case .refused: refused &+= 1
    case .tls, .certificate, .tooLarge, .garbled, .unavailable, .reset, .noAnswer, .cutOff,
      .noStatusLine, .headTooLong, .badChunks, .badEncoding, .noMemory:
      failed &+= 1
    }
  }

  mutating func noteAborted() { aborted &+= 1 }
}
