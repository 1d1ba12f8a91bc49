import RCMLBasics
import Testing

@Suite struct DigestTests {
  private func text(_ bytes: [UInt8]?) -> String {
    bytes.map { String(decoding: Digest.hex($0), as: UTF8.self) } ?? "no libcrypto"
  }

  /// RFC 1321 A.5, FIPS 180-4 examples.
  @Test func eachAlgorithmGivesItsPublishedDigest() {
    let abc = Array("abc".utf8)
    #expect(text(Digest.hash(.md5, abc)) == "900150983cd24fb0d6963f7d28e17f72")
    #expect(text(Digest.hash(.md5, [])) == "d41d8cd98f00b204e9800998ecf8427e")
    #expect(text(Digest.hash(.sha1, abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(
      text(Digest.hash(.sha256, abc))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      text(Digest.hash(.sha512t256, abc))
        == "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23")
  }

  /// RFC 2202 §3 cases 1 and 2, RFC 4231 §4.3; and an empty key, which is not the key of last time.
  @Test func keyedDigestsAreThoseOfRFC2104() {
    let key = [UInt8](repeating: 0x0b, count: 20)
    #expect(
      text(Digest.hmac(.sha1, key: key, Array("Hi There".utf8)))
        == "b617318655057264e28bc0b6fb378c8ef146be00")
    let jefe = Array("Jefe".utf8)
    let message = Array("what do ya want for nothing?".utf8)
    #expect(
      text(Digest.hmac(.sha1, key: jefe, message)) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
    #expect(
      text(Digest.hmac(.sha256, key: jefe, message))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      text(Digest.hmac(.sha1, key: [], [])) == "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d")
  }

  @Test func secretsAreComparedWhole() {
    #expect(Digest.areEqual([1, 2, 3], [1, 2, 3]))
    #expect(!Digest.areEqual([1, 2, 3], [1, 2, 4]))
    #expect(!Digest.areEqual([1, 2, 3], [1, 2]))
    #expect(Digest.areEqual([], []))
  }
}
