import RCMLBasics

/// One place a request may be sent to (RFC 3263 §4.3, spec T-2).
struct Candidate: Hashable, Sendable {
  var transport: Transport
  var address: SocketAddress
  /// The URI names the transport, or TCP has been tried: a request above 1300 octets goes out over UDP all the same.
  var isTransportFixed: Bool

  /// For people: `udp:192.0.2.7:5060`.
  var text: String { Candidate.text(of: transport, address) }

  static func text(of transport: Transport, _ address: SocketAddress) -> String {
    "\(transport.name):\(address.text)"
  }
}
