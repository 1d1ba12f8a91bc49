import RCMLBasics

/// `host:NAME` or `host:NAME;media=pcmu`: a party of the host's own, as the host names it when it is asked about a target
/// (D-22). A document cannot: there it is no SIP URI (S-1).
public struct HostPartyURI: Hashable, Sendable {
  /// Without the escapes.
  public let name: String
  public let media: HostMedia
  /// `host:` and the name as it was written.
  public let uri: String

  public static let scheme = "host:"
  /// Octets, escapes included: the dial strings of servers are long.
  public static let nameLimit = 256
  private static let parameter = ";media="

  public static func isOne(_ text: String) -> Bool {
    text.utf8.count >= scheme.utf8.count
      && text.prefix(scheme.count).lowercased() == scheme
  }

  /// Nil: no name, one with other signs than `#`, `@` and those of a SIP user (RFC 3261 §25.1), or with an escape that
  /// stands for no text or a control character, or no such media.
  public init?(_ text: String) {
    guard HostPartyURI.isOne(text) else { return nil }
    let rest = text.dropFirst(HostPartyURI.scheme.count)
    let written = rest.prefix { $0 != ";" }
    guard !written.isEmpty, written.utf8.count <= HostPartyURI.nameLimit,
      written.utf8.allSatisfy(HostPartyURI.isNameOctet)
    else { return nil }
    let decoded = PercentEncoding.decode(written.utf8)
    guard decoded.isWhole, let name = String(validating: decoded.octets, as: UTF8.self),
      name.utf8.allSatisfy({ $0 >= 32 && $0 != 127 })
    else { return nil }
    self.name = name
    uri = HostPartyURI.scheme + written
    let parameters = rest.dropFirst(written.count)
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

  private static func isNameOctet(_ octet: UInt8) -> Bool {
    octet.isSIPUnreserved || "&=+$,?/#@%".utf8.contains(octet)
  }
}
