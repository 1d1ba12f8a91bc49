import RCMLSIP

/// What leads to a party of a call.
enum LineID: Hashable {
  case sip(SessionID)
  case host(HostLineID)
}

/// A line of the host's own. Never reused.
struct HostLineID: Hashable {
  let number: UInt64
}
