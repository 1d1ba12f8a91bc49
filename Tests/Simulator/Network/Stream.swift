import RCMLBasics

/// One TCP connection between the agent and a phone.
struct Stream {
  var phone: Int
  var isOpen = true
  var isSecured = false
  /// The agent knows that it stands.
  var isReady = false
  /// Octets keep their order: nothing arrives before what was sent before it.
  var toAgent: Instant
  var toPhone: Instant
  /// What the phone has read and not yet understood.
  var unread: [UInt8] = []
  /// Messages on their way to the agent, each with the count of octets after which it is whole there.
  var coming: [(end: Int, message: SipText)] = []
  var written = 0
  var arrived = 0
}
