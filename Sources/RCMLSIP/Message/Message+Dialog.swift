/// What a dialog remembers of the message that made it (RFC 3261 §12.1).
extension Message {
  /// The name-addr octets of Record-Route, in the order of the message: a UAS keeps them so, a UAC turns them
  /// round (§12.1.1, §12.1.2).
  package var recordRoutes: [[UInt8]] { values(of: .recordRoute).map { Array($0) } }

  /// The URI of the first Contact, without brackets; nil = none, or `*`.
  package var contactURI: [UInt8]? { address(of: .contact) }

  package var fromURI: [UInt8] { address(of: .from) ?? [] }
  package var toURI: [UInt8] { address(of: .to) ?? [] }

  /// The first value of From, To, Contact, P-Asserted-Identity … with its display name and parameters.
  package func nameAddress(of name: FieldName) -> NameAddress? {
    value(of: name).flatMap { NameAddress.read($0) }
  }

  private func address(of name: FieldName) -> [UInt8]? {
    guard let value = value(of: name) else { return nil }
    return value.withUnsafeBytes { octets in
      AddressScan.read(octets, from: 0, to: octets.count).map { Array(octets[$0.uri]) }
    }
  }
}
