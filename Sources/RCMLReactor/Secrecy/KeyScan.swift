import Glibc

/// Finds the keys in the octets of SIP: what stands behind `inline:` in a line that begins with `a=crypto:` (RFC 4568), wherever
/// the octets are cut in two. All else passes as it is, and only the octets of a key are held back until it is whole.
struct KeyScan {
  private enum State {
    /// At the beginning of a line, so many octets of `a=crypto:` behind it.
    case start(Int)
    /// In such a line, so many octets of `inline:` behind it.
    case words(Int)
    case key
    case other
  }

  private var state = State.start(0)
  /// Of a line with keys: its suite says how long they are.
  private var line: [UInt8] = []
  private var key: [UInt8] = []

  private static let lineStart = Array("a=crypto:".utf8)
  private static let method = Array("inline:".utf8)
  private static let lineLimit = 80
  /// Longer than any key that has a name.
  private static let keyLimit = 128

  // MARK: a quick look

  /// Most messages have no such line.
  static func mayHoldKeys(_ octets: UnsafeRawBufferPointer) -> Bool {
    guard let base = octets.baseAddress else { return false }
    var place = 0
    while octets.count - place >= lineStart.count {
      if memcmp(base + place, lineStart, lineStart.count) == 0 { return true }
      guard let end = memchr(base + place, 10, octets.count - place) else { return false }
      place = UnsafeRawPointer(end) - base + 1
    }
    return false
  }

  /// The octets may end within the beginning of such a line.
  static func mayBreakOff(_ octets: UnsafeRawBufferPointer) -> Bool {
    var start = octets.count
    while start > 0, octets.count - start < lineStart.count, octets[start - 1] != 10 { start -= 1 }
    let rest = octets[start...]
    return rest.count < lineStart.count && rest.elementsEqual(lineStart.prefix(rest.count))
      && !rest.isEmpty
  }

  /// At the beginning of a line, or in one that is of no interest: whatever comes can be looked at anew.
  var isIdle: Bool {
    switch state {
    case .start(let count): count == 0
    case .words, .key: false
    // Its end has to be seen, or its rest would be taken for a line.
    case .other: false
    }
  }

  // MARK: octets

  mutating func pass(
    _ octets: UnsafeRawBufferPointer, into result: inout [UInt8], exchange: ([UInt8]) -> [UInt8]
  ) {
    for octet in octets {
      if case .key = state {
        if KeyScan.isDigit(octet), key.count < KeyScan.keyLimit {
          key.append(octet)
          if isWhole { endKey(into: &result, exchange) }
          continue
        }
        endKey(into: &result, exchange)
      }
      result.append(octet)
      read(octet)
    }
  }

  /// Nothing more comes.
  mutating func finish(into result: inout [UInt8], exchange: ([UInt8]) -> [UInt8]) {
    if case .key = state { endKey(into: &result, exchange) }
  }

  private mutating func endKey(into result: inout [UInt8], _ exchange: ([UInt8]) -> [UInt8]) {
    if !key.isEmpty { result += exchange(key) }
    key = []
    state = .words(0)
  }

  private mutating func read(_ octet: UInt8) {
    if octet == 10 {
      state = .start(0)
      line = []
      return
    }
    switch state {
    case .start(let count):
      guard octet == KeyScan.lineStart[count] else {
        state = .other
        return
      }
      state = count + 1 == KeyScan.lineStart.count ? .words(0) : .start(count + 1)
    case .words(let count):
      if line.count < KeyScan.lineLimit { line.append(octet) }
      if octet == KeyScan.method[count] {
        state = count + 1 == KeyScan.method.count ? .key : .words(count + 1)
      } else {
        state = .words(octet == KeyScan.method[0] ? 1 : 0)
      }
    case .key, .other: break
    }
  }

  /// As many digits as the suite's keys have: a body may end here, and then nothing follows that ends the key.
  private var isWhole: Bool {
    guard key.count >= 40 else { return false }
    let name = line.split(separator: 32).dropFirst().first ?? []
    return key.count == KeyScan.digits(of: name)
  }

  /// RFC 4568 §6.2, 5669, 6188, 7714; nil = nobody knows it.
  private static func digits(of suite: ArraySlice<UInt8>) -> Int? {
    switch String(decoding: suite, as: UTF8.self) {
    case "AEAD_AES_256_GCM": 60
    case "AES_256_CM_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_32": 64
    case "AES_192_CM_HMAC_SHA1_80", "AES_192_CM_HMAC_SHA1_32": 52
    case "AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "F8_128_HMAC_SHA1_80",
      "AEAD_AES_128_GCM", "SEED_CTR_128_HMAC_SHA1_80", "SEED_128_CCM_80", "SEED_128_GCM_96":
      40
    default: nil
    }
  }

  private static func isDigit(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"),
      UInt8(ascii: "="):
      true
    default: false
    }
  }
}
