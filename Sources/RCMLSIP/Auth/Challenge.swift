/// A challenge we can answer (RFC 7616 §3.3, RFC 3261 §22): one `Digest …` of a WWW-Authenticate or
/// Proxy-Authenticate field.
public struct Challenge: Sendable {
  /// Who asks, and so which header field answers (spec A-2).
  public enum Place: UInt8, Hashable, Sendable {
    /// 401, WWW-Authenticate, Authorization.
    case origin
    /// 407, Proxy-Authenticate, Proxy-Authorization.
    case proxy
  }

  public var place: Place
  public var realm: [UInt8]
  public var nonce: [UInt8]
  public var opaque: [UInt8]?
  public var algorithm: DigestAlgorithm
  /// It named its algorithm: then the answer does too.
  public var namesAlgorithm: Bool
  public var quality: QualityOfProtection
  public var isStale: Bool
  public var hashesUsername: Bool

  /// nil = nothing we could answer: no realm or nonce, an algorithm or protection we do not know (spec ).
  init?(_ value: AuthenticationValue, _ place: Place) {
    guard !value.isBroken, let realm = value[.realm], let nonce = value[.nonce], !nonce.isEmpty
    else { return nil }
    self.place = place
    self.realm = realm
    self.nonce = nonce
    opaque = value[.opaque]
    namesAlgorithm = value[.algorithm] != nil
    if let name = value[.algorithm] {
      guard let known = DigestAlgorithm(name[...]) else { return nil }
      algorithm = known
    } else {
      algorithm = DigestAlgorithm(.md5)
    }
    // Where there is no libcrypto, nothing can be answered.
    guard algorithm.hex([]) != nil else { return nil }
    quality = .none
    if let offered = value[.qop] {
      guard let chosen = Self.quality(offered) else { return nil }
      quality = chosen
    }
    isStale = value.isTrue(.stale)
    hashesUsername = value.isTrue(.userhash)
  }

  /// `auth` where it is offered, else `auth-int` (spec A-5).
  private static func quality(_ offered: [UInt8]) -> QualityOfProtection? {
    let words = offered.split { $0 == UInt8(ascii: ",") || $0.isBlank }
    if words.contains(where: { $0.equalsIgnoringCase("auth") }) { return .auth }
    if words.contains(where: { $0.equalsIgnoringCase("auth-int") }) { return .authInt }
    return nil
  }

  /// What `fields` of one name ask for: of several challenges for a realm the topmost we can answer (spec A-3).
  public static func read(_ fields: [ArraySlice<UInt8>], _ place: Place) -> [Challenge] {
    var result: [Challenge] = []
    for field in fields.prefix(fieldLimit) {
      for value in AuthenticationValue.read(field) {
        guard let challenge = Challenge(value, place), result.count < realmLimit,
          !result.contains(where: { $0.realm == challenge.realm })
        else { continue }
        result.append(challenge)
      }
    }
    return result
  }

  private static let fieldLimit = 16
  private static let realmLimit = 8
}
