import RCMLBasics

/// A socket the reactor listens on.
struct Listener: Sendable {
  let id: ListenerID
  let transport: Transport
  let local: SocketAddress
  /// What Via, Contact and SDP show, `host:port`; empty while the listener is bound to the wildcard: then the route decides.
  private(set) var shown: [UInt8]
  /// It has an address of its own outside, whatever the setting says.
  private(set) var hasOutside = false
  /// It is closed as soon as nothing uses it any more, and nothing begins on it (spec Q-36).
  private(set) var isLeaving = false
  /// What it shows is an address of an inner network.
  private(set) var isShownInner: Bool

  init(id: ListenerID, transport: Transport, local: SocketAddress, shown: [UInt8]) {
    self.id = id
    self.transport = transport
    self.local = local
    self.shown = shown
    isShownInner = Listener.isInner(shown) ?? local.isOfInnerNetwork
  }

  mutating func showOutside(_ place: [UInt8]) {
    shown = place
    hasOutside = true
    isShownInner = Listener.isInner(place) ?? false
  }

  mutating func leave() { isLeaving = true }

  /// `home`: the one that the dialog lives on.
  func serves(
    _ transport: Transport, _ family: SocketAddress.Family, home: ListenerID?
  ) -> Bool {
    self.transport == transport && local.family == family && (!isLeaving || id == home)
  }

  /// nil = it names none, or a name.
  static func isInner(_ place: [UInt8]) -> Bool? {
    SocketAddress.read(host: HostText.host(ofHostPort: place)[...], port: 0)?.isOfInnerNetwork
  }
}
