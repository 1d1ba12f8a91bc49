import RCMLBasics
import Testing

/// SipHash-2-4 against the vectors its authors publish: key 00…0f, message 00, 01, 02 …
@Suite struct KeyedHashTests {
  private let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)

  private func message(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0) } }

  @Test func narrowHashMatchesThePublishedVectors() {
    let expected: [(Int, UInt64)] = [
      (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (15, 0xa129_ca61_49be_45e5),
    ]
    for (count, value) in expected {
      var hash = KeyedHash(key: key, wide: false)
      hash.combine(message(count))
      #expect(hash.value() == value, "\(count) octets")
    }
  }

  @Test func wideHashMatchesThePublishedVector() {
    let hash = KeyedHash(key: key)
    let digest = hash.digest()
    #expect(digest.low == 0xe6a8_25ba_047f_81a3)
    #expect(digest.high == 0x9302_55c7_1472_f66d)
  }

  /// Octets may come in any pieces.
  @Test func cuttingTheMessageChangesNothing() {
    let whole = message(61)
    var reference = KeyedHash(key: key)
    reference.combine(whole)
    let expected = reference.digest()
    for cut in 0...61 {
      var hash = KeyedHash(key: key)
      hash.combine(Array(whole[..<cut]))
      for octet in whole[cut...] { hash.combine(octet) }
      #expect(hash.digest() == expected)
    }
  }

  @Test func anotherKeyGivesAnotherDigest() {
    let one = KeyedHash(key: (1, 2)).digest()
    let other = KeyedHash(key: (1, 3)).digest()
    #expect(one != other)
  }
}
