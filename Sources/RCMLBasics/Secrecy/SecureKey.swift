/// The master key of one direction with its salt, and what it is used for. It prints as a mask (spec A-8).
public struct SecureKey: Hashable, Sendable, CustomStringConvertible {
  public let suite: SecureSuite
  public let octets: [UInt8]
  /// Octets that name the key in each packet (MKI, RFC 3711 §3.1); 0 = none.
  public let identifierLength: UInt8

  /// Nil: that is no key of this suite.
  public init?(_ suite: SecureSuite, _ octets: [UInt8], identifierLength: UInt8 = 0) {
    guard octets.count == suite.keyLength else { return nil }
    self.suite = suite
    self.octets = octets
    self.identifierLength = identifierLength
  }

  public var description: String { "\(suite) ***" }
}
