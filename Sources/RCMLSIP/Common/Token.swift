import RCMLBasics

/// A branch or tag of ours: a number of ours, mixed, and 64 random bits (RFC 3261 §19.3, failures T8).
///
/// Whoever sends it back is found by reading it, not by looking it up: the number names a slot, the random half
/// proves that the sender has seen it.
struct Token: Hashable, Sendable {
  var number: UInt64
  var random: UInt64

  static let length = 32

  func octets(secret: UInt64) -> [UInt8] {
    var writer = ByteWriter(capacity: Token.length)
    write(to: &writer, secret: secret)
    return writer.finish()
  }

  func write(to writer: inout ByteWriter, secret: UInt64) {
    writer.appendHex(number ^ Token.mask(random, secret))
    writer.appendHex(random)
  }

  init(number: UInt64, random: UInt64) {
    self.number = number
    self.random = random
  }

  /// nil: not one of ours.
  init?(_ octets: ArraySlice<UInt8>, secret: UInt64) {
    guard octets.count == Token.length else { return nil }
    let halves = octets.withUnsafeBytes { (Token.hex($0, from: 0), Token.hex($0, from: 16)) }
    guard let mixed = halves.0, let random = halves.1 else { return nil }
    self.random = random
    number = mixed ^ Token.mask(random, secret)
  }

  /// `z9hG4bK` and a token (RFC 3261 §8.1.1.7); nil: not a branch of ours.
  init?(branch octets: ArraySlice<UInt8>, secret: UInt64) {
    guard octets.count == Via.cookie.count + Token.length else { return nil }
    self.init(octets.dropFirst(Via.cookie.count), secret: secret)
  }

  private static func mask(_ random: UInt64, _ secret: UInt64) -> UInt64 {
    let product = random &* (secret | 1)
    return (product << 29 | product >> 35) ^ secret
  }

  /// Sixteen lower-case hex digits, from `start` on; nil: there are others among them.
  static func hex(_ octets: UnsafeRawBufferPointer, from start: Int) -> UInt64? {
    var value: UInt64 = 0
    for place in start..<start + 16 {
      let octet = octets[place]
      if octet &- 48 < 10 {
        value = value << 4 | UInt64(octet &- 48)
      } else if octet &- 97 < 6 {
        value = value << 4 | UInt64(octet &- 87)
      } else {
        return nil
      }
    }
    return value
  }
}
