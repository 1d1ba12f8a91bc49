import RCMLBasics

/// What became of one status callback, whole enough to deliver it again later (spec E-8).
public struct CallbackReport: Hashable, Sendable {
  /// `initiated`, `ringing`, `answered` or `completed`.
  public var event: String
  public var method: String
  /// Without user info and fragment (spec A-8).
  public var url: String
  /// The parameters, form-encoded.
  public var body: [UInt8]
  /// Exchanges that were begun; 0 = there was no room for it to wait (spec K-13), or its URL was denied (Y-4).
  public var attempts: Int
  /// The last HTTP status; 0 = there was none.
  public var status: UInt16
  /// Why it was given up (spec E-9); nil = it was delivered.
  public var reason: Reason?
  public var isDelivered: Bool { (200...299).contains(status) }

  public init(
    event: String, method: String, url: String, body: [UInt8], attempts: Int, status: UInt16,
    reason: Reason? = nil
  ) {
    self.reason = reason
    self.event = event
    self.method = method
    self.url = url
    self.body = body
    self.attempts = attempts
    self.status = status
  }
}
