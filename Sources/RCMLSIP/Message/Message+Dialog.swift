/// What a dialog remembers of the message that made it (RFC 3261 §12.1).
extension Message {
  /// The name-addr octets of Record-Route, in the order of the message: a UAS keeps them so, a UAC turns them
  /// round (§12.1.1, §12.1.2).
  public var recordRoutes: [[UInt8]] { values(of: .recordRoute).map { Array($0) } }

  /// The URI of the first Contact, without brackets; nil = none, or `*`.
  public var contactURI: [UInt8]? { contact.map { Array($0) } }

  /// The same, not copied.
  var contact: ArraySlice<UInt8>? { address(of: .contact) }

  public var fromURI: [UInt8] { address(of: .from).map { Array($0) } ?? [] }
  public var toURI: [UInt8] { address(of: .to).map { Array($0) } ?? [] }

  /// The first value of From, To, Contact, P-Asserted-Identity … with its display name and parameters.
  public func nameAddress(of name: FieldName) -> NameAddress? {
    value(of: name).flatMap { NameAddress.read($0) }
  }

  private func address(of name: FieldName) -> ArraySlice<UInt8>? {
    guard let field = parts.first(name) else { return nil }
    let range = field.valueRange
    let scan = bytes.withUnsafeBytes {
      AddressScan.read($0, from: range.lowerBound, to: range.upperBound)
    }
    return scan.map { bytes[$0.uri] }
  }
}
