/// `udp:HOST:PORT`: where SIP messages are mirrored to (setting `hep`). The host is an address: nothing waits for a name.
public struct HEPAddress: Hashable, Sendable {
  public let address: SocketAddress

  /// Nil: this is none.
  public init?(_ text: String) {
    guard text.prefix(4).lowercased() == "udp:" else { return nil }
    let octets = Array(text.utf8.dropFirst(4))
    guard let colon = octets.lastIndex(of: UInt8(ascii: ":")),
      let port = UInt16(String(decoding: octets[(colon + 1)...], as: UTF8.self)), port > 0,
      octets[(colon + 1)...].allSatisfy(\.isDigit)
    else { return nil }
    let host = octets[..<colon]
    let isReference = host.first == UInt8(ascii: "[")
    guard isReference || !host.contains(UInt8(ascii: ":")),
      let address = SocketAddress.read(host: host, port: port), !address.isWildcard
    else { return nil }
    self.address = address
  }
}
