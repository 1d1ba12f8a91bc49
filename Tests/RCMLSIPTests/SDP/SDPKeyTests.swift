import RCMLBasics
import Testing

@testable import RCMLSIP

/// Keys in descriptions (RFC 4568).
@Suite struct SDPKeyTests {
  private static let inline = "inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"

  private static func key(_ line: String) -> SDPKey? {
    Array(line.utf8).withUnsafeBytes { SDPKey(reading: 0..<$0.count, of: $0) }
  }

  private static func description(_ streams: String...) -> [UInt8] {
    let head = ["v=0", "o=phone 1 1 IN IP4 10.0.0.7", "s=-", "c=IN IP4 10.0.0.7", "t=0 0"]
    return Array((head + streams).map { $0 + "\r\n" }.joined().utf8)
  }

  private static let crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 " + inline

  // T-15, RFC 4568 §9.1
  @Test(
    arguments: [
      ("crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline)", 1, SecureSuite.aes128SHA80, 0),
      ("crypto:2 AES_CM_128_HMAC_SHA1_32 \(inline)|2^20|1:4", 2, .aes128SHA32, 4),
      ("crypto:999999999 AES_CM_128_HMAC_SHA1_80 \(inline)|1:4", 999_999_999, .aes128SHA80, 4),
      ("crypto:3 AES_CM_128_HMAC_SHA1_80 \(inline)|2^48 WSH=64", 3, .aes128SHA80, 0),
      ("crypto:4 AES_CM_128_HMAC_SHA1_80 \(inline)|1048576 KDR=0 -UNKNOWN=1", 4, .aes128SHA80, 0),
      (
        "crypto:5 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw==", 5,
        .aes128GCM, 0
      ),
      (
        "crypto:6 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw", 6, .aes128GCM, 0
      ),
    ])
  func aKeyIsRead(line: String, tag: UInt32, suite: SecureSuite, identifier: UInt8) throws {
    let key = try #require(Self.key(line))
    #expect(key.tag == tag && key.suite == suite)
    #expect(key.key.identifierLength == identifier)
    #expect(key.key.octets.count == suite.keyLength)
  }

  // T-15, RFC 4568 §6.3, §7.1.2: what asks for something that we cannot do is not used without it
  @Test(
    arguments: [
      "crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline) UNENCRYPTED_SRTP",
      "crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline) UNENCRYPTED_SRTCP",
      "crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline) UNAUTHENTICATED_SRTP",
      "crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline) KDR=1",
      "crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline) FEC_ORDER=FEC_SRTP",
      "crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline) SOMETHING",
      "crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline)|1:4;\(inline)|2:4",
      "crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline)|1:129", "crypto:1 F8_128_HMAC_SHA1_80 \(inline)",
      "crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline)|2^49",
      "crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline)|1:4|2^20",
      "crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline)A", "crypto:1 AEAD_AES_256_GCM \(inline)",
      "crypto:1 AES_CM_128_HMAC_SHA1_80 uri:https://example.com",
      "crypto:1234567890 AES_CM_128_HMAC_SHA1_80 \(inline)",
      "crypto:x AES_CM_128_HMAC_SHA1_80 \(inline)", "crypto:1 AES_CM_128_HMAC_SHA1_80", "crypto:",
      "crypto", "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:", "sendrecv",
    ])
  func whatWeCannotDoIsNoKey(line: String) {
    #expect(Self.key(line) == nil)
  }

  // T-15
  @Test(arguments: SecureSuite.allCases) func aKeyIsWrittenAsItIsRead(suite: SecureSuite) throws {
    let key = try #require(
      SecureKey(suite, (0..<suite.keyLength).map { UInt8(truncatingIfNeeded: $0 &* 91) }))
    var writer = ByteWriter(capacity: 100)
    SDPKey(tag: 7, key).write(to: &writer)
    let line = writer.finishText()
    #expect(line.hasPrefix("a=crypto:7 \(suite.name) inline:") && line.hasSuffix("\r\n"))
    #expect(Self.key(String(line.dropFirst(2).dropLast())) == SDPKey(tag: 7, key))
  }

  // U-53, T-15: which of two streams is taken
  @Test func aSecretStreamComesBeforeAnOpenOne() throws {
    let sdp = Self.description(
      "m=audio 4000 RTP/AVP 0", "m=audio 4002 RTP/SAVP 0", Self.crypto)
    let read = try #require(SessionDescription(reading: sdp))
    #expect(read.audio?.port == 4_000 && !read.isSecret && read.keys.isEmpty)
    let both = read.serving([.open, .secret])
    #expect(both.audio?.port == 4_002 && both.isSecret && both.keys.map(\.tag) == [1])
    #expect(read.serving(.secret).audio?.port == 4_002)
    #expect(read.serving([]).audio == nil && read.serving([]).hasOnlyForeignAudio)
  }

  // T-15: a stream with keys that are none is no secret one, and never an open one
  @Test(
    arguments: [
      "a=sendrecv", "a=crypto:1 F8_128_HMAC_SHA1_80 \(inline)",
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 \(inline) UNENCRYPTED_SRTP",
    ])
  func aSecretProfileWithoutAKeyIsNotServed(line: String) throws {
    for profile in ["RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF"] {
      let sdp = Self.description("m=audio 4000 \(profile) 0", line)
      let read = try #require(SessionDescription(reading: sdp))
      for profiles in [SDPProfiles.usual, .open, .secret, [.open, .secret]] as [SDPProfiles] {
        #expect(read.serving(profiles).audio == nil)
      }
    }
  }

  // T-15: keys beside an open profile, as some phones write them who want secret sound but do not insist
  @Test func keysBesideAnOpenProfileAreTaken() throws {
    let read = try #require(
      SessionDescription(reading: Self.description("m=audio 4000 RTP/AVP 0", Self.crypto)))
    #expect(!read.isSecret && read.audio != nil)
    #expect(read.serving([.open, .secret]).isSecret)
    #expect(read.serving(.secret).isSecret)
  }

  // T-17: an answer takes a stream as it was offered
  @Test func anAnswerNamesAKeyThatWasOffered() throws {
    func read(_ sdp: [UInt8]) throws -> SessionDescription {
      try #require(SessionDescription(reading: sdp)).serving([.open, .secret])
    }
    let offer = try read(
      Self.description("m=audio 4000 RTP/SAVP 0", Self.crypto, "m=audio 4000 RTP/AVP 0"))
    let other = Self.crypto.replacing("crypto:1", with: "crypto:2")
    let suite = Self.crypto.replacing("SHA1_80", with: "SHA1_32")
    for (streams, isRight) in [
      (["m=audio 9 RTP/SAVP 0", Self.crypto, "m=audio 0 RTP/AVP 0"], true),
      (["m=audio 0 RTP/SAVP 0", "m=audio 9 RTP/AVP 0"], true),
      (["m=audio 9 RTP/AVP 0", "m=audio 0 RTP/AVP 0"], false),
      (["m=audio 9 RTP/SAVP 0", other, "m=audio 0 RTP/AVP 0"], false),
      (["m=audio 9 RTP/SAVP 0", suite, "m=audio 0 RTP/AVP 0"], false),
      (["m=audio 9 RTP/SAVP 0", Self.crypto, Self.crypto, "m=audio 0 RTP/AVP 0"], false),
      (["m=audio 0 RTP/SAVP 0", "m=audio 9 RTP/AVP 0", Self.crypto], false),
    ] {
      let head = ["v=0", "o=a 1 1 IN IP4 10.0.0.8", "s=-", "c=IN IP4 10.0.0.8", "t=0 0"]
      let answer = try read(Array((head + streams).map { $0 + "\r\n" }.joined().utf8))
      #expect(answer.answersSecrecy(of: offer) == isRight, "\(streams)")
    }
  }
}
