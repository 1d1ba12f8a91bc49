import RCMLBasics

/// The algorithms of digest authentication (RFC 7616 §3.2, RFC 8760 §2.1, spec A-3).
public struct DigestAlgorithm: Equatable, Sendable {
  public enum Hash: UInt8, Sendable {
    case md5 = 0
    case sha256
    case sha512t256
  }

  public var hash: Hash
  /// `-sess`: the first part is hashed once more with nonce and cnonce.
  public var isSession: Bool

  public init(_ hash: Hash, isSession: Bool = false) {
    self.hash = hash
    self.isSession = isSession
  }

  /// nil = one we do not know (spec A-3: to be ignored).
  public init?(_ name: ArraySlice<UInt8>) {
    var name = name
    isSession = false
    let ending: [UInt8] = [45, 115, 101, 115, 115]  // -sess
    if name.count > 5, name.suffix(5).map({ $0.lowercased }) == ending {
      isSession = true
      name = name.dropLast(5)
    }
    if name.equalsIgnoringCase("md5") {
      hash = .md5
    } else if name.equalsIgnoringCase("sha-256") {
      hash = .sha256
    } else if name.equalsIgnoringCase("sha-512-256") {
      hash = .sha512t256
    } else {
      return nil
    }
  }

  public var name: StaticString {
    switch (hash, isSession) {
    case (.md5, false): "MD5"
    case (.md5, true): "MD5-sess"
    case (.sha256, false): "SHA-256"
    case (.sha256, true): "SHA-256-sess"
    case (.sha512t256, false): "SHA-512-256"
    case (.sha512t256, true): "SHA-512-256-sess"
    }
  }

  /// In lower-case hex; nil where there is no libcrypto.
  public func hex(_ bytes: [UInt8]) -> [UInt8]? {
    let algorithm: Digest.Algorithm =
      switch hash {
      case .md5: .md5
      case .sha256: .sha256
      case .sha512t256: .sha512t256
      }
    return Digest.hash(algorithm, bytes).map { Digest.hex($0) }
  }
}
