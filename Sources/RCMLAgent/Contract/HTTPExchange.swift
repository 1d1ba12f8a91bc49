import RCMLBasics
import RCMLMedia

/// One HTTP request as it is to be sent.
public struct HTTPExchange: Equatable, Sendable {
  /// `GET` or `POST`.
  public var method: String
  /// Absolute, without user info and fragment.
  public var url: String
  /// Without Host, Content-Length and Content-Type.
  public var headers: [HeaderLine]
  /// Form-encoded parameters of a POST.
  public var body: [UInt8]
  public var connectTimeout: Interval
  public var timeout: Interval
  /// Counted after decoding (spec G-3, H-7); one octet more and the exchange fails as `tooLarge`.
  public var bodyLimit: Int
  /// Refuse loopback, link-local, private and metadata addresses after resolution (spec Y-4).
  public var blocksPrivateAddresses: Bool
  public var verifiesTLS: Bool
  /// The body of a 2xx is this sound: `loaded` or `unloadable` comes before the answer, whose body is then empty.
  public var sound: SoundID?
  /// Nothing waits for its answer: others come first (spec Y-10). In no journal, it changes nothing that is said here.
  public var isCallback = false

  public init(
    method: String, url: String, headers: [HeaderLine], body: [UInt8],
    connectTimeout: Interval, timeout: Interval, bodyLimit: Int,
    blocksPrivateAddresses: Bool, verifiesTLS: Bool, sound: SoundID? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.connectTimeout = connectTimeout
    self.timeout = timeout
    self.bodyLimit = bodyLimit
    self.blocksPrivateAddresses = blocksPrivateAddresses
    self.verifiesTLS = verifiesTLS
    self.sound = sound
  }
}

/// What a web server said, whatever its status.
public struct HTTPAnswer: Equatable, Sendable {
  public var status: UInt16
  public var contentType: String
  /// The Location header, empty = none.
  public var location: String
  /// What it says of being kept (RFC 9111), names in lower case, in the order in which it came.
  public var cacheFields: [HeaderLine]
  public var body: [UInt8]
  /// It came from a public address (spec Y-5).
  public var isPublic: Bool

  public init(
    status: UInt16, contentType: String, location: String, cacheFields: [HeaderLine] = [],
    body: [UInt8], isPublic: Bool = false
  ) {
    self.isPublic = isPublic
    self.status = status
    self.contentType = contentType
    self.location = location
    self.cacheFields = cacheFields
    self.body = body
  }
}

/// Why there was no answer.
public enum HTTPFailure: UInt8, Hashable, Sendable {
  case unresolved
  case unreachable
  case tls
  case connectTimedOut
  case timedOut
  case tooLarge
  /// Scheme or address not allowed.
  case refused
  /// The server broke the protocol.
  case garbled
  /// This machine has no libcurl.
  case unavailable
  case connectionRefused
  /// A connection that was kept open ended before the answer (spec H-33).
  case connectionLost
  case certificate
  case tlsTimedOut
  /// In the middle of the request or of the answer.
  case reset
  case noAnswer
  /// The answer is shorter than it said.
  case cutOff
  case bodyTimedOut
  case noStatusLine
  case headTooLong
  case badChunks
  case badEncoding
  case noMemory
  /// As many as may were under way for as long as it could wait (spec Y-10).
  case noTurn
}
