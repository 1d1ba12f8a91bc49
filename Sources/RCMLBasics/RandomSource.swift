/// Every tag, branch, Call-ID, nonce and id of the core comes from here.
///
/// The entropy is an input (32 octets from the reactor, or a simulator's seed), stretched by ChaCha20
/// (RFC 8439 §2.3) so that a peer who sees some identifiers cannot foretell others, and so that the same seed
/// gives the same octets on the wire.
package struct RandomSource: RandomNumberGenerator, Sendable {
  private var key: (UInt64, UInt64, UInt64, UInt64)
  private var counter: UInt64 = 0
  private var block: [UInt32] = []
  private var used = 16

  /// Takes the first 32 octets; a shorter seed is padded with zeros (tests and simulations do that).
  package init(seed: [UInt8]) {
    func word(_ index: Int) -> UInt64 {
      var value: UInt64 = 0
      for offset in 0..<8 where index * 8 + offset < seed.count {
        value |= UInt64(seed[index * 8 + offset]) << UInt64(offset * 8)
      }
      return value
    }
    key = (word(0), word(1), word(2), word(3))
  }

  package init(seed: UInt64) {
    self.init(seed: (0..<8).map { UInt8(truncatingIfNeeded: seed >> UInt64($0 * 8)) })
  }

  package mutating func next() -> UInt64 {
    if used + 1 >= 16 {
      block = RandomSource.chaCha20(key: key, counter: counter)
      counter &+= 1
      used = 0
    }
    let value = UInt64(block[used]) | UInt64(block[used + 1]) << 32
    used += 2
    return value
  }

  /// A stream of its own for a part of the core: what one part draws never shifts what another gets.
  package mutating func split() -> RandomSource {
    var seed: [UInt8] = []
    for _ in 0..<4 {
      let value = next()
      for offset in 0..<8 { seed.append(UInt8(truncatingIfNeeded: value >> UInt64(offset * 8))) }
    }
    return RandomSource(seed: seed)
  }

  private static func chaCha20(
    key: (UInt64, UInt64, UInt64, UInt64), counter: UInt64
  ) -> [UInt32] {
    func halves(_ value: UInt64) -> [UInt32] {
      [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]
    }
    let initial: [UInt32] =
      [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]
      + halves(key.0) + halves(key.1) + halves(key.2) + halves(key.3)
      + halves(counter) + [0, 0]
    var state = initial
    func quarter(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
      func turn(_ x: Int, _ y: Int, _ z: Int, _ by: UInt32) {
        state[x] = state[x] &+ state[y]
        let mixed = state[z] ^ state[x]
        state[z] = mixed << by | mixed >> (32 - by)
      }
      turn(a, b, d, 16)
      turn(c, d, b, 12)
      turn(a, b, d, 8)
      turn(c, d, b, 7)
    }
    for _ in 0..<10 {
      quarter(0, 4, 8, 12)
      quarter(1, 5, 9, 13)
      quarter(2, 6, 10, 14)
      quarter(3, 7, 11, 15)
      quarter(0, 5, 10, 15)
      quarter(1, 6, 11, 12)
      quarter(2, 7, 8, 13)
      quarter(3, 4, 9, 14)
    }
    for index in 0..<16 { state[index] = state[index] &+ initial[index] }
    return state
  }
}
