import RCMLBasics

/// The response of a digest (RFC 7616 §3.4.1, RFC 2069 without qop): the same for who answers and who verifies.
public struct DigestComputation {
  public var algorithm: DigestAlgorithm
  public var quality: QualityOfProtection
  /// Without quotes and escapes.
  public var realm: [UInt8]
  public var nonce: [UInt8]
  public var cnonce: [UInt8]
  /// As it is written: eight hex digits.
  public var count: [UInt8]

  public init(
    algorithm: DigestAlgorithm, quality: QualityOfProtection, realm: [UInt8], nonce: [UInt8],
    cnonce: [UInt8], count: [UInt8]
  ) {
    self.algorithm = algorithm
    self.quality = quality
    self.realm = realm
    self.nonce = nonce
    self.cnonce = cnonce
    self.count = count
  }

  /// In lower-case hex; nil where there is no libcrypto.
  public func response(
    _ credentials: Credentials, method: [UInt8], uri: [UInt8], body: [UInt8]
  ) -> [UInt8]? {
    let user = Self.joined([credentials.username.exposed, realm, credentials.password.exposed])
    guard var first = algorithm.hex(user) else { return nil }
    if algorithm.isSession {
      guard let again = algorithm.hex(Self.joined([first, nonce, cnonce])) else { return nil }
      first = again
    }
    var what = [method, uri]
    if quality == .authInt {
      guard let entity = algorithm.hex(body) else { return nil }
      what.append(entity)
    }
    guard let second = algorithm.hex(Self.joined(what)) else { return nil }
    if quality == .none { return algorithm.hex(Self.joined([first, nonce, second])) }
    let name = Array(
      UnsafeBufferPointer(
        start: quality.name.utf8Start, count: quality.name.utf8CodeUnitCount))
    return algorithm.hex(Self.joined([first, nonce, count, cnonce, name, second]))
  }

  /// RFC 7616 §3.4.4.
  public static func hashedUsername(
    _ username: [UInt8], realm: [UInt8], _ algorithm: DigestAlgorithm
  ) -> [UInt8]? {
    algorithm.hex(joined([username, realm]))
  }

  private static func joined(_ parts: [[UInt8]]) -> [UInt8] {
    Array(parts.joined(separator: [UInt8(ascii: ":")]))
  }
}
