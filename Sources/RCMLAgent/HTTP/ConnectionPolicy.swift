import RCMLBasics

/// How long to wait and what to repeat (spec H-10, H-20, K-12, K-13), as changed by a URL's fragment (H-23).
struct ConnectionPolicy: Hashable {
  /// What is repeated: a failed connect, a read timeout, a status of the class.
  struct RetryOn: OptionSet, Hashable {
    let rawValue: UInt8
    static let connect = RetryOn(rawValue: 1)
    static let read = RetryOn(rawValue: 2)
    static let clientError = RetryOn(rawValue: 4)
    static let serverError = RetryOn(rawValue: 8)
    /// 408 and 429: of the 4xx only these mean "later" (spec K-12).
    static let later = RetryOn(rawValue: 16)
    static let all: RetryOn = [.connect, .read, .clientError, .serverError, .later]

    /// One word of `http_retry_on` or of `rp`.
    init?(word: String) {
      switch word.lowercased() {
      case "ct": self = .connect
      case "rt": self = .read
      case "4xx": self = [.clientError, .later]
      case "5xx": self = .serverError
      case "all": self = .all
      default: return nil
      }
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Words separated by commas or white space; unknown ones count for nothing.
    init(words: String) {
      self = []
      for word in words.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "+" }) {
        if let more = RetryOn(word: String(word)) { formUnion(more) }
      }
    }
  }

  var connectTimeout: Interval
  /// One attempt, from its start to the last octet of the answer.
  var attemptTimeout: Interval
  /// All attempts together; nil = only their number is limited.
  var totalTimeout: Interval?
  var retries: Int
  var retryOn: RetryOn
  /// Before the first repetition; doubled before each further one.
  var firstPause: Interval

  /// `ct`, `rt`, `tt` in milliseconds, `rc` 0–5, `rp` words: what is out of range or unknown changes nothing.
  mutating func apply(fragment: String) {
    for piece in fragment.split(separator: "&") {
      guard let equals = piece.firstIndex(of: "=") else { continue }
      let value = String(piece[piece.index(after: equals)...])
      switch String(piece[..<equals]) {
      case "ct": if let time = ConnectionPolicy.milliseconds(value) { connectTimeout = time }
      case "rt": if let time = ConnectionPolicy.milliseconds(value) { attemptTimeout = time }
      case "tt": if let time = ConnectionPolicy.milliseconds(value) { totalTimeout = time }
      case "rc": if let count = Int(value), (0...5).contains(count) { retries = count }
      case "rp":
        let words = RetryOn(words: value)
        if !words.isEmpty { retryOn = words }
      default: continue
      }
    }
  }

  private static func milliseconds(_ text: String) -> Interval? {
    guard let count = Int(text), (1...600_000).contains(count) else { return nil }
    return .milliseconds(count)
  }

  func repeats(_ failure: HTTPFailure) -> Bool {
    switch failure {
    case .unresolved, .unreachable, .connectionRefused, .connectionLost, .tls, .certificate,
      .tlsTimedOut, .connectTimedOut:
      retryOn.contains(.connect)
    case .timedOut, .bodyTimedOut, .noTurn, .garbled, .reset, .noAnswer, .cutOff, .noStatusLine,
      .headTooLong, .badChunks, .badEncoding:
      retryOn.contains(.read)
    case .tooLarge, .refused, .unavailable, .noMemory: false
    }
  }

  func repeats(status: UInt16) -> Bool {
    switch status {
    case 408, 429: retryOn.contains(.later)
    case 400...499: retryOn.contains(.clientError)
    case 500...599: retryOn.contains(.serverError)
    default: false
    }
  }
}
