import CDigest

/// Digests and keyed digests (spec A-3, H-22), computed by OpenSSL's libcrypto, which is loaded on first use.
///
/// `nil` means that this machine has no libcrypto 3: whoever needed the digest fails, nothing else does.
public enum Digest {
  public enum Algorithm: UInt8, Sendable {
    case md5 = 0
    case sha1
    case sha256
    /// SHA-512/256 (FIPS 180-4 §5.3.6.2), not SHA-512 cut short.
    case sha512t256
  }

  public static func hash(_ algorithm: Algorithm, _ bytes: [UInt8]) -> [UInt8]? {
    bytes.withUnsafeBytes { bytes in
      made { digest_hash(Int32(algorithm.rawValue), bytes.baseAddress, bytes.count, $0) }
    }
  }

  /// RFC 2104.
  public static func hmac(
    _ algorithm: Algorithm, key: [UInt8], _ bytes: [UInt8]
  ) -> [UInt8]? {
    key.withUnsafeBytes { key in
      bytes.withUnsafeBytes { bytes in
        made {
          digest_hmac(
            Int32(algorithm.rawValue), key.baseAddress, key.count, bytes.baseAddress, bytes.count,
            $0)
        }
      }
    }
  }

  /// Lower case, as digest authentication writes and hashes it.
  public static func hex(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count * 2)
    for octet in bytes {
      result.append(digits[Int(octet >> 4)])
      result.append(digits[Int(octet & 15)])
    }
    return result
  }

  /// Whether two secrets are equal, in a time that says nothing about where they differ.
  public static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.count == second.count else { return false }
    var difference: UInt8 = 0
    for (a, b) in zip(first, second) { difference |= a ^ b }
    return difference == 0
  }

  private static func made(_ write: (UnsafeMutablePointer<UInt8>?) -> Int) -> [UInt8]? {
    let result = [UInt8](unsafeUninitializedCapacity: Int(DIGEST_MAXIMUM)) { buffer, count in
      count = min(write(buffer.baseAddress), buffer.count)
    }
    return result.isEmpty ? nil : result
  }
}
