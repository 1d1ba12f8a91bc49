import RCMLBasics

/// What became of one status callback, whole enough to deliver it again later (spec E-8).
package struct CallbackReport: Hashable, Sendable {
  /// `initiated`, `ringing`, `answered` or `completed`.
  package var event: String
  package var method: String
  /// Without user info and fragment (spec A-8).
  package var url: String
  /// The parameters, form-encoded.
  package var body: [UInt8]
  /// Exchanges that were begun; 0 = there was no room for it to wait (spec K-13), or its URL was denied (Y-4).
  package var attempts: Int
  /// The last HTTP status; 0 = there was none.
  package var status: UInt16
  /// Why it was given up (spec E-9); nil = it was delivered.
  package var reason: Reason?
  package var isDelivered: Bool { (200...299).contains(status) }

  package init(
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
