import RCMLBasics

/// One exchange with a web server that is over, as the host is told of it (setting `http_log`): secrets masked.
public struct HTTPReport: Hashable, Sendable {
  public var method: String
  public var url: String
  /// The parameters of a POST, form-encoded, up to `http_log_limit` octets.
  public var sent: [UInt8]
  /// 0 = there was no answer; `failure` says why.
  public var status: UInt16
  /// A sentence without a full stop; "" = there was an answer.
  public var failure: String
  public var contentType: String
  /// What was answered, up to `http_log_limit` octets; empty for a sound.
  public var received: [UInt8]
  /// Octets of the whole answer; 0 for a sound, whose octets never come by here.
  public var size: Int
  /// From the request to the end of the answer.
  public var elapsed: Interval

  public init(
    method: String, url: String, sent: [UInt8], status: UInt16 = 0, failure: String = "",
    contentType: String = "", received: [UInt8] = [], size: Int = 0, elapsed: Interval
  ) {
    self.method = method
    self.url = url
    self.sent = sent
    self.status = status
    self.failure = failure
    self.contentType = contentType
    self.received = received
    self.size = size
    self.elapsed = elapsed
  }
}
