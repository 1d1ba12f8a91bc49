import RCMLBasics

/// A `sip:` or `sips:` URI, read (RFC 3261 §19.1).
package struct SIPURI: Hashable, Sendable {
  package enum Scheme: UInt8, Sendable { case sip, sips }

  package enum Host: Hashable, Sendable {
    case name([UInt8])
    /// With port 0.
    case address(SocketAddress)
  }

  /// The transport parameter.
  package enum TransportParameter: UInt8, Sendable { case udp, tcp, tls, other }

  package internal(set) var scheme: Scheme
  /// As it stood: escapes are not undone, so `%00` ends nothing (failures §2.0). Empty = none.
  package internal(set) var user: [UInt8]
  package internal(set) var host: Host
  package internal(set) var port: UInt16?
  package internal(set) var transport: TransportParameter?
  /// `;lr`: the route is a loose router's.
  package internal(set) var isLoose = false
  /// The method parameter, as it stood.
  package internal(set) var method: [UInt8]?
  /// `user=phone` and the like.
  package internal(set) var userParameter: [UInt8]?
  package internal(set) var maddr: [UInt8]?
  /// There is a part behind a question mark; `headers` has it as it stood.
  package internal(set) var hasHeaders = false
  package internal(set) var headers: [UInt8] = []
}
