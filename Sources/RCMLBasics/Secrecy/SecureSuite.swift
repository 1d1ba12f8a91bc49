/// How packets of sound are made secret: what an `a=crypto` line names (RFC 4568 §6.2, RFC 7714 §14.1). The numbers are those
/// of `CSecureRTP`, the order is the one in which we offer them.
public enum SecureSuite: UInt8, CaseIterable, Hashable, Sendable {
  case aes128SHA80 = 0
  case aes128SHA32 = 1
  case aes128GCM = 2
  case aes256GCM = 3

  public var name: StaticString {
    switch self {
    case .aes128SHA80: "AES_CM_128_HMAC_SHA1_80"
    case .aes128SHA32: "AES_CM_128_HMAC_SHA1_32"
    case .aes128GCM: "AEAD_AES_128_GCM"
    case .aes256GCM: "AEAD_AES_256_GCM"
    }
  }

  /// Octets of the master key and its salt.
  public var keyLength: Int {
    switch self {
    case .aes128SHA80, .aes128SHA32: 30
    case .aes128GCM: 28
    case .aes256GCM: 44
    }
  }
}
