import RCMLBasics

/// The host and port a URI names: what a target's credentials are bound to (spec Q-17).
struct DialledPlace: Hashable, Sendable {
  private var host: SIPURI.Host
  private var port: UInt16

  /// nil = no SIP URI.
  init?(_ uri: [UInt8]) {
    guard let read = SIPURI.read(uri[...]) else { return nil }
    port = read.port ?? 5060
    switch read.host {
    case .address(let address): host = .address(address)
    case .name(let name): host = .name(name.map { $0.lowercased })
    }
  }
}
