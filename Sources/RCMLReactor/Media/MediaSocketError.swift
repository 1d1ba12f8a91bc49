/// Why a pair of ports was not bound.
enum MediaSocketError: Error {
  /// By somebody else: another pair may be free.
  case taken
  /// This machine has no IPv6.
  case noIPv6
  /// No descriptor, no memory, not permitted: no other pair will do better.
  case refused

  init(_ code: Int32) {
    switch code {
    case -98, -13: self = .taken  // EADDRINUSE; EACCES, by a policy for this port
    case -97: self = .noIPv6  // EAFNOSUPPORT
    default: self = .refused
    }
  }
}
