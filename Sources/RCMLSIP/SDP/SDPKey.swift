import RCMLBasics

/// A key as one line of a description tells it (RFC 4568 §9.1): `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:…|2^20|1:4`.
public struct SDPKey: Hashable, Sendable {
  /// What an answer names it by.
  public let tag: UInt32
  public let key: SecureKey

  public init(tag: UInt32, _ key: SecureKey) {
    self.tag = tag
    self.key = key
  }

  public var suite: SecureSuite { key.suite }

  /// Of one description; more lines than this are not read.
  static let limit = 16

  // MARK: reading

  /// `value`: the line behind `a=`. Nil: it tells no key, or asks for what we cannot do, and then it may not be used at all
  /// (RFC 4568 §6.3, §7.1.2).
  init?(reading value: Range<Int>, of octets: UnsafeRawBufferPointer) {
    let name: StaticString = "crypto:"
    let start = value.lowerBound + name.utf8CodeUnitCount
    guard start < value.upperBound, octets.equals(name, value.lowerBound..<start) else {
      return nil
    }
    var position = start
    guard let tag = octets.nextWord(&position, value.upperBound), tag.count <= 9,
      let number = octets.number(tag),
      let suite = octets.nextWord(&position, value.upperBound).flatMap({ octets.suite($0) }),
      let parameters = octets.nextWord(&position, value.upperBound),
      let key = SDPKey.key(of: suite, parameters, octets)
    else { return nil }
    while let word = octets.nextWord(&position, value.upperBound) {
      guard SDPKey.canDo(word, octets) else { return nil }
    }
    self.tag = UInt32(number)
    self.key = key
  }

  /// `inline:<key and salt>[|lifetime][|MKI:length]`. Several of them, divided by semicolons, would need packets that say which
  /// one is meant.
  private static func key(
    of suite: SecureSuite, _ word: Range<Int>, _ octets: UnsafeRawBufferPointer
  ) -> SecureKey? {
    let method: StaticString = "inline:"
    let start = word.lowerBound + method.utf8CodeUnitCount
    guard start < word.upperBound, octets.equals(method, word.lowerBound..<start),
      octets.first(UInt8(ascii: ";"), from: start, to: word.upperBound) == nil
    else { return nil }
    let parts = octets[start..<word.upperBound].split(
      separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
    guard parts.count <= 3, let text = parts.first, let key = Base64.decode(text) else {
      return nil
    }
    var identifier: UInt8 = 0
    for part in parts.dropFirst() {
      if part.contains(UInt8(ascii: ":")) {
        guard identifier == 0, let length = identifierLength(part) else { return nil }
        identifier = length
      } else {
        guard identifier == 0, isLifetime(part) else { return nil }
      }
    }
    return SecureKey(suite, key, identifierLength: identifier)
  }

  /// `1:4`: the key's number, and in how many octets packets say it.
  private static func identifierLength(_ part: Slice<UnsafeRawBufferPointer>) -> UInt8? {
    let words = part.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard words.count == 2, number(words[0]) != nil, let length = number(words[1]),
      (1...128).contains(length)
    else { return nil }
    return UInt8(length)
  }

  /// `2^20`, or a number of packets. At fifty a second the least that makes sense lasts for hours: it is the other side's to
  /// tell a new key in time.
  private static func isLifetime(_ part: Slice<UnsafeRawBufferPointer>) -> Bool {
    if part.starts(with: "2^".utf8) {
      return number(part.dropFirst(2)).map { (1...48).contains($0) } ?? false
    }
    return number(part).map { $0 > 0 } ?? false
  }

  private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt64? {
    UnsafeRawBufferPointer(rebasing: digits).number(0..<digits.count)
  }

  /// What is said of the session (RFC 4568 §6.3). A hint about replays is only that, and what begins with a minus may be
  /// passed over.
  private static func canDo(_ word: Range<Int>, _ octets: UnsafeRawBufferPointer) -> Bool {
    if octets[word.lowerBound] == UInt8(ascii: "-") { return true }
    return octets[word].starts(with: "WSH=".utf8) || octets.equals("KDR=0", word)
  }

  // MARK: writing

  func write(to writer: inout ByteWriter) {
    writer.append("a=crypto:")
    writer.append(decimal: UInt64(tag))
    writer.append(" ")
    writer.append(suite.name)
    writer.append(" inline:")
    writer.append(Base64.encode(key.octets))
    writer.append("\r\n")
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func suite(_ word: Range<Int>) -> SecureSuite? {
    SecureSuite.allCases.first { equals($0.name, word) }
  }
}
