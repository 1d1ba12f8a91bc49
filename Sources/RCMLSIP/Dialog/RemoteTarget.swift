import RCMLBasics

/// Where the peer of a dialog is: the URI of its Contact, and the way that its message came by, where that URI leads
/// nobody to it (RemoteTarget.table.md, spec U-64).
struct RemoteTarget: Hashable {
  /// The Request-URI of our requests, whatever way they take.
  let uri: [UInt8]
  /// Requests without a Route take it as long as it is there; nil = they go to where the URI says.
  let way: Path?

  init(uri: [UInt8], way: Path? = nil) {
    self.uri = uri
    self.way = way
  }

  /// What a message says of its sender.
  ///
  /// - Parameters:
  ///   - path: the way the message came by.
  ///   - isRouted: the requests of the dialog have a Route: it, and no Contact, says where they go.
  init(
    _ contact: ArraySlice<UInt8>, over path: Path, isRouted: Bool,
    rewriting setting: Settings.RewriteContact
  ) {
    let isRewritten =
      !isRouted && RemoteTarget.isRewritten(contact, source: path.flow.remote, by: setting)
    self.init(uri: Array(contact), way: isRewritten ? path : nil)
  }

  /// Another port of the address that the Contact names is no NAT's work: a phone may send from another port than it
  /// listens at, and over TCP it always does. Nor is another address of the same inner network: proxies, gateways and the
  /// phones behind them have one together, and who was moved to another machine of it is to be followed there.
  private static func isRewritten(
    _ contact: ArraySlice<UInt8>, source: SocketAddress, by setting: Settings.RewriteContact
  ) -> Bool {
    switch setting {
    case .off: return false
    case .inner:
      guard let place = SIPURI.address(in: contact) else { return false }
      return place.isOfInnerNetwork && !place.sharesInnerNetwork(with: source)
    case .always: return SIPURI.isPlain(contact)
    }
  }
}

extension SIPURI {
  /// `sip:`, not `sips:` nor anything else.
  fileprivate static func isPlain(_ text: ArraySlice<UInt8>) -> Bool {
    text.prefix(4).equalsIgnoringCase("sip:")
  }

  /// The address that a `sip:` URI names, with port 0; nil = it names none.
  fileprivate static func address(in text: ArraySlice<UInt8>) -> SocketAddress? {
    guard isPlain(text) else { return nil }
    return text.withUnsafeBytes { octets in
      guard let parts = SIPURIText.read(octets, 4..<octets.count) else { return nil }
      // RFC 3261 §19.1.2: maddr overrides the host. Only where there may be one is the list read.
      let parameters = octets[parts.parameters]
      if parameters.contains(where: { $0 | 0x20 == UInt8(ascii: "m") }),
        let maddr = read(text, withUser: false)?.maddr
      {
        return SocketAddress.read(host: maddr[...], port: 0)
      }
      let isReference = octets[parts.host.lowerBound] == UInt8(ascii: "[")
      return HostText.address(
        octets,
        isReference ? parts.host.lowerBound + 1..<parts.host.upperBound - 1 : parts.host)
    }
  }
}
