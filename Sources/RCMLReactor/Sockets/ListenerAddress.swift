import RCMLBasics

/// Where SIP is listened for: `udp:127.0.0.1:5060`, `tcp:[::1]:5060`, `tls:192.0.2.1:5061`; port 0 = any free one (spec Q-4).
/// Behind a NAT also under which address that is known outside: `udp:10.0.0.5:5060;public=203.0.113.1` (spec T-5, U-64).
public struct ListenerAddress: Hashable, Sendable {
  public var transport: Transport
  public var address: SocketAddress
  public var outside: OutsideAddress?

  public init(
    _ transport: Transport, _ address: SocketAddress, outside: OutsideAddress? = nil
  ) {
    self.transport = transport
    self.address = address
    self.outside = outside
  }

  public init(parsing text: String) throws(ReactorError) {
    func wrong(_ why: String) -> ReactorError {
      ReactorError(
        .address, "“\(text)” is no listener address: \(why); write it like udp:127.0.0.1:5060")
    }
    let parts = text.utf8.split(
      separator: UInt8(ascii: ";"), maxSplits: 1, omittingEmptySubsequences: false)
    let octets = Array(parts.first ?? "".utf8[...])
    guard octets.count <= 128, text.utf8.count <= 400, !text.utf8.contains(0) else {
      throw wrong("it is too long")
    }
    if parts.count == 2 {
      outside = OutsideAddress(parameter: Array(parts[1]))
      guard outside != nil else {
        throw wrong("behind the semicolon stands public=HOST or public=HOST:PORT")
      }
    }
    guard let colon = octets.firstIndex(of: UInt8(ascii: ":")) else {
      throw wrong("the transport is missing")
    }
    switch String(decoding: octets[..<colon], as: UTF8.self).lowercased() {
    case "udp": transport = .udp
    case "tcp": transport = .tcp
    case "tls": transport = .tls
    default: throw wrong("the transport must be udp, tcp or tls")
    }
    let rest = octets[(colon + 1)...]
    guard let last = rest.lastIndex(of: UInt8(ascii: ":")) else {
      throw wrong("the port is missing")
    }
    guard let port = UInt16(digits: rest[(last + 1)...]) else {
      throw wrong("the port must be 0 to 65535")
    }
    let host = rest[..<last]
    let isBracketed =
      host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]") && host.count > 2
    guard let parsed = SocketAddress.read(host: host, port: port) else {
      throw wrong("the host must be an IP address of this machine")
    }
    guard (parsed.family == .ipv6) == isBracketed else {
      throw wrong("an IPv6 address stands in brackets, an IPv4 address does not")
    }
    address = parsed
  }

  /// As it is written in an option or a setting.
  public var text: String {
    "\(transport.name):" + address.text + (outside?.text ?? "")
  }

  /// `sip:127.0.0.1:5060;transport=udp`
  public var uri: String {
    "sip:" + address.text + ";transport=\(transport.name)"
  }
}
