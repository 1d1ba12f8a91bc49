import RCMLBasics

/// `host:NAME` or `host:NAME;media=pcmu`: a party of the host's own, as the host names it when it is asked about a target
/// (D-22). A document cannot: there it is no SIP URI (S-1).
package struct HostPartyURI: Hashable, Sendable {
  package let name: String
  package let media: HostMedia

  package static let scheme = "host:"
  package static let nameLimit = 64
  private static let parameter = ";media="

  package static func isOne(_ text: String) -> Bool {
    text.utf8.count >= scheme.utf8.count
      && text.prefix(scheme.count).lowercased() == scheme
  }

  /// Nil: no name, one with other signs than `#`, `@` and those of a SIP user (RFC 3261 §25.1, unescaped), or no such
  /// media.
  package init?(_ text: String) {
    guard HostPartyURI.isOne(text) else { return nil }
    let rest = text.dropFirst(HostPartyURI.scheme.count)
    let name = rest.prefix { $0 != ";" }
    guard !name.isEmpty, name.utf8.count <= HostPartyURI.nameLimit,
      name.utf8.allSatisfy(HostPartyURI.isNameOctet)
    else { return nil }
    self.name = String(name)
    let parameters = rest.dropFirst(name.count)
    if parameters.isEmpty {
      media = .linear16
    } else {
      guard parameters.hasPrefix(HostPartyURI.parameter),
        let media = HostMedia(
          word: parameters.dropFirst(HostPartyURI.parameter.count).lowercased())
      else { return nil }
      self.media = media
    }
  }

  package var uri: String { HostPartyURI.scheme + name }

  private static func isNameOctet(_ octet: UInt8) -> Bool {
    octet.isSIPUnreserved || "&=+$,?/#@".utf8.contains(octet)
  }
}
