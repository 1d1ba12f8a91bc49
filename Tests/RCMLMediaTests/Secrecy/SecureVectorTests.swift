import CSecureRTP
import RCMLBasics
import Testing

/// The examples of the RFCs.
@Suite struct SecureVectorTests {
  // RFC 3711 appendix B.3.
  private static let master = Transform.octets(
    "E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6")
  private static let authentication = Transform.octets("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4")
  // RFC 7714 §16, §17.
  private static let salt = Transform.octets("51756964 2070726f 2071756f")
  private static let packet = """
    8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070
    61727465 73207472 6573
    """
  private static let report = """
    81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef
    deadbeef deadbeef deadbeef
    """

  // T-11, RFC 3711 appendix B.2
  @Test func theKeyStreamIsThatOfTheRFC() throws {
    let transform = try #require(Transform(SECURE_RTP_CM_SHA1_80, key: Self.master))
    transform.useSessionKeys(
      Transform.octets("2B7E151628AED2A6ABF7158809CF4F3C"), [],
      Transform.octets("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"))
    let zeros = [0x80] + [UInt8](repeating: 0, count: 11 + 48)
    let made = try #require(transform.protected(zeros))
    #expect(
      Array(made[12..<60])
        == Transform.octets(
          """
          E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB
          41E95B3BB0A2E8DD477901E4FCA894C0
          """))
  }

  // T-11, RFC 3711 appendix B.3: the keys of the sessions come of the master key as the RFC says. The tag of a packet without
  // payload is made of the authentication key alone, and the octets of the other one with the other two.
  @Test func sessionKeysComeOfTheMasterKey() throws {
    let transform = try #require(Transform(SECURE_RTP_CM_SHA1_80, key: Self.master))
    let empty = Transform.packet(7, payload: [])
    let tagged = try #require(transform.protected(empty))
    let hash = try #require(
      Digest.hmac(.sha1, key: Self.authentication, empty + [0, 0, 0, 0]))
    #expect(tagged == empty + hash.prefix(10))
    let other = Transform.octets("800f1234 decafbad cafebabe") + [UInt8](repeating: 0xab, count: 16)
    let made = try #require(transform.protected(other))
    #expect(
      made
        == Transform.octets(
          """
          800f1234 decafbad cafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb
          """))
  }

  // T-11, RFC 7714 §16.1.1, §16.2.1, §17.2, §17.4
  @Test(
    arguments: [
      (
        SECURE_RTP_GCM_128,
        """
        8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a
        51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce
        """,
        """
        81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda
        4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4
        """
      ),
      (
        SECURE_RTP_GCM_256,
        """
        8040f17b 8041f8d3 5501a0b2 32b1de78 a822fe12 ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02
        76ffae0f 1ba63799 b87b7aa3 db36dfff d6b0f9bb 7878d7a7 6c13
        """,
        """
        81c8000d 4d617273 d50ae4d1 f5ce5d30 4ba297e4 7d470c28 2c3ece5d bffe0a50 a2eaa5c1 110555be
        8415f658 c61de047 6f1b6fad 1d1eb30c 4446839f 57ff6f6c b26ac3be 800005d4
        """
      ),
    ])
  func authenticatedEncryptionIsThatOfTheRFC(
    suite: Int, packet: String, report: String
  ) throws {
    let count = secure_rtp_key_length(Int32(suite))
    let keys = try (0..<2).map { _ in
      let transform = try #require(Transform(suite, key: [UInt8](repeating: 0, count: count)))
      transform.useSessionKeys(Array(0..<UInt8(count - 12)), [], Self.salt)
      return transform
    }
    let plain = Transform.octets(Self.packet)
    #expect(keys[0].protected(plain) == Transform.octets(packet))
    #expect(keys[1].unprotected(Transform.octets(packet)) == plain)
    #expect(
      keys[1].unprotected(Transform.octets(report), isControl: true)
        == Transform.octets(Self.report))
  }

  // T-11, RFC 7714 §17.1: a report that is only authenticated
  @Test func aReportMayBeOpenAndAuthenticated() throws {
    let transform = try #require(
      Transform(SECURE_RTP_GCM_128, key: [UInt8](repeating: 0, count: 28)))
    transform.useSessionKeys(Array(0..<16), [], Self.salt)
    let tagged = Transform.octets(
      Self.report + "841dd968 3dd78ec9 2ae58790 125f62b3 000005d4")
    #expect(transform.unprotected(tagged, isControl: true) == Transform.octets(Self.report))
  }
}
