import RCMLBasics

/// A phone behind a NAT knows only the address it has inside.
extension Phone {
  /// The host of its Via and Contact.
  var ownHost: String {
    guard nat != nil else { return host }
    return String(decoding: innerAddress.addressText, as: UTF8.self)
  }

  var innerAddress: SocketAddress {
    SocketAddress(ipv4: 0xc0a8_0000 | UInt32(address.low & 0xffff), port: address.port)
  }

  /// Where a datagram of its is seen to come from.
  func source(at now: Instant) -> SocketAddress {
    var source = address
    if let port = nat?.send(at: now) { source.port = port }
    return source
  }

  /// The dialog stands: what its NAT has in mind for it.
  func beginNAT(_ call: Int, _ dialog: Int) {
    guard let after = nat?.script.rebinds else { return }
    wake(.rebind(call: call, dialog: dialog), after: after)
  }

  /// It notices, or refreshes its session: the same description, from another port.
  func rebind(_ call: Int, _ dialog: Int) {
    guard let notices = nat?.script.notices else { return }
    nat?.rebind()
    wake(.offerAgain(call: call, dialog: dialog), after: notices)
  }
}
