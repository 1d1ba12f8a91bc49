/// Our end of a party's media, as far as it is known: packets to the party leave from there, so that whoever believes only
/// the address that our description names hears us.
public struct OwnAddress: Hashable, Sendable {
  /// What our description names; nil = a name.
  public var shown: SocketAddress?
  /// The address of this machine that the party's signalling goes by: another one where that of a NAT is shown; nil = nobody
  /// knows.
  public var local: SocketAddress?

  public init(shown: SocketAddress?, local: SocketAddress?) {
    self.shown = shown?.place
    self.local = local?.place
  }

  /// Where packets leave from: what is shown where that is an address of this machine, else what the signalling goes by; nil =
  /// wherever the way to the party begins. `isOurs` is asked only where the two differ.
  public func source(isOurs: (SocketAddress) -> Bool) -> SocketAddress? {
    guard let shown else { return local }
    if let local, shown.isHost(of: local) { return local }
    return isOurs(shown) ? shown : local
  }
}

extension SocketAddress {
  /// Without its port, where it is one address and not all of a machine.
  fileprivate var place: SocketAddress? {
    guard !isWildcard else { return nil }
    var place = self
    place.port = 0
    return place
  }
}
