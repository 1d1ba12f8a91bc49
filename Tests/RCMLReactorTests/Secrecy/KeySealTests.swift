import RCMLAgent
import RCMLBasics
import RCMLMedia
import Testing

@testable import RCMLReactor

/// No key of sound gets into the core (spec T-18).
@Suite struct KeySealTests {
  private static let key = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
  private static let long = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKiss"

  private static func message(_ lines: String...) -> [UInt8] {
    Array(
      ("INVITE sip:a@127.0.0.1 SIP/2.0\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n"
        + lines.map { $0 + "\r\n" }.joined()).utf8)
  }

  private static let line = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:\(key)|2^20|1:4"
  private static let other = "a=crypto:2 AEAD_AES_256_GCM inline:\(long)"
  private static let place = SocketAddress(ipv4: 0x7f00_0001, port: 5_060)

  private static func datagram(_ seal: KeySeal, _ octets: [UInt8]) -> [UInt8] {
    var heard: [UInt8] = []
    octets.withUnsafeBytes { bytes in
      seal.sealed(.network(.datagram(ListenerID(0), from: place, local: place, bytes: bytes))) {
        if case .network(.datagram(_, _, _, let bytes)) = $0 { heard = Array(bytes) }
      }
    }
    return heard
  }

  private static func stream(_ seal: KeySeal, _ octets: some Sequence<UInt8>) -> [UInt8] {
    var heard: [UInt8] = []
    Array(octets).withUnsafeBytes { bytes in
      seal.sealed(.network(.streamBytes(ConnectionID(7), bytes: bytes))) {
        if case .network(.streamBytes(_, let bytes)) = $0 { heard = Array(bytes) }
      }
    }
    return heard
  }

  private static func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }

  // T-18
  @Test func aKeyIsSealedOnItsWayInAndOpenedOnItsWayOut() {
    let seal = KeySeal()
    let message = Self.message(Self.line, "a=sendrecv", Self.other)
    let heard = Self.datagram(seal, message)
    #expect(heard.count == message.count)
    #expect(!Self.text(heard).contains(Self.key) && !Self.text(heard).contains(Self.long))
    #expect(Self.text(heard).contains("|2^20|1:4\r\na=sendrecv\r\n"))
    #expect(seal.opened(heard) == message)
    // The same key is the same again, and another process has other seals.
    #expect(Self.datagram(seal, message) == heard)
    #expect(Self.datagram(KeySeal(), message) != heard)
  }

  // T-18: what looks sealed already is sealed all the same, so nobody can have another's key opened
  @Test func aSealedKeyFromOutsideIsSealedOnceMore() {
    let seal = KeySeal()
    let sealed = Self.datagram(seal, Self.message(Self.line))
    let again = Self.datagram(seal, sealed)
    #expect(again != sealed)
    #expect(seal.opened(again) == sealed)
  }

  // T-18: a stream may be cut anywhere, and its last line may lack its end
  @Test(arguments: [1, 2, 3, 7, 13, 40, 64])
  func aKeyIsSealedWhereverAStreamIsCut(size: Int) {
    let seal = KeySeal()
    var message = Self.message("a=rtpmap:0 PCMU/8000", Self.other, "a=cry", Self.line)
    message.removeLast(2 + "|2^20|1:4".utf8.count)
    let whole = Self.datagram(seal, message)
    for _ in 0..<2 {
      var heard: [UInt8] = []
      for start in stride(from: 0, to: message.count, by: size) {
        heard += Self.stream(seal, message[start..<min(message.count, start + size)])
      }
      #expect(heard == whole)
      #expect(Self.stream(seal, [13, 10]) == [13, 10])
    }
    #expect(seal.opened(whole) == message)
  }

  // T-18: only keys are touched
  @Test func everythingElseStaysAsItIs() {
    let seal = KeySeal()
    for line in [
      "Subject: a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:\(Self.key)", "a=crypto:1 X uri:abc",
      "a=cryptographic inline:\(Self.key)", "inline:\(Self.key)",
    ] {
      let message = Self.message(line)
      #expect(Self.datagram(seal, message) == message)
    }
    let broken = Self.message("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abcde")
    #expect(Self.datagram(seal, broken).count == broken.count)
    #expect(!Self.text(Self.datagram(seal, broken)).contains("abcde"))
  }

  // T-18: packets are made with the keys that travelled
  @Test func aStreamIsDescribedWithTheRealKeys() throws {
    let seal = KeySeal()
    let real = try #require(Base64.decode(Array(Self.key.utf8)))
    let heard = Self.text(Self.datagram(seal, Self.message(Self.line)))
    let start = try #require(heard.range(of: "inline:")?.upperBound)
    let sealed = try #require(Base64.decode(Array(heard[start...].prefix(40).utf8)))
    let ours = try #require(SecureKey(.aes128SHA80, [UInt8](repeating: 5, count: 30)))
    var description = StreamDescription()
    description.sender.secrecy = StreamSecrecy(
      incoming: try #require(SecureKey(.aes128SHA80, sealed)), outgoing: ours)
    let opened = seal.opened(description)
    #expect(opened.sender.secrecy?.incoming.octets == real)
    let told = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + Self.text(Base64.encode(ours.octets))
    let travels = Self.text(seal.opened(Self.message(told)))
    let key = Self.text(Base64.encode(opened.sender.secrecy?.outgoing.octets ?? []))
    #expect(travels.contains("inline:\(key)\r\n") && !travels.contains(told))
    #expect(seal.opened(StreamDescription()) == StreamDescription())
  }
}
