import RCMLBasics

/// The place a request for a URI goes to: what a target's credentials are bound to (spec Q-17).
struct DialledPlace: Equatable, Sendable {
  private var host: SIPURI.Host
  /// nil = a name without a port: SRV says where that is (RFC 3263 §4.2).
  private var port: UInt16?

  /// nil = no SIP URI.
  init?(_ uri: [UInt8]) {
    guard let read = SIPURI.read(uri[...]) else { return nil }
    switch read.server {
    case .address(let address):
      host = .address(address)
      port = read.port ?? 5060
    case .name(let name):
      host = .name(name.map { $0.lowercased })
      port = read.port
    }
  }

  /// The same as text; where it is no SIP URI, nothing.
  static func words(of uri: [UInt8]) -> String { String(decoding: text(of: uri), as: UTF8.self) }

  /// As it stands in the URI, for people: `example.com`, `[2001:db8::7]:5080`.
  static func text(of uri: [UInt8]) -> [UInt8] {
    guard let read = SIPURI.read(uri[...]) else { return [] }
    var writer = ByteWriter(capacity: 64)
    switch read.server {
    case .address(let address): address.appendHost(to: &writer)
    case .name(let name): writer.append(name)
    }
    if let port = read.port {
      writer.append(UInt8(ascii: ":"))
      writer.append(decimal: UInt64(port))
    }
    return writer.finish()
  }
}
