import RCMLBasics

/// What the core wants to know of names. A lookup is answered by `Input.names` with its number.
public enum NameCommand: Equatable, Sendable {
  /// A and AAAA records of a host name.
  case addresses(ResolutionID, host: [UInt8])
  /// SRV records of a service (RFC 3263 §4.2).
  case services(ResolutionID, name: [UInt8])
  /// NAPTR records of a host name (RFC 3263 §4.1).
  case pointers(ResolutionID, name: [UInt8])
  /// Whom to ask about names from now on, `127.0.0.1:5353,[::1]`; empty = whom the system asks.
  case useServers([UInt8])
}
