/// Every tag, branch, Call-ID, nonce and id of the core comes from here.
///
/// The entropy is an input (32 octets from the reactor, or a simulator's seed), stretched by ChaCha20
/// (RFC 8439 §2.3) so that a peer who sees some identifiers cannot foretell others, and so that the same seed
/// gives the same octets on the wire.
public struct RandomSource: RandomNumberGenerator, Sendable {
  private var key: (UInt64, UInt64, UInt64, UInt64)
  private var counter: UInt64 = 0
  private var block = SIMD16<UInt32>()
  private var used = 16

  /// Takes the first 32 octets; a shorter seed is padded with zeros (tests and simulations do that).
  public init(seed: [UInt8]) {
    func word(_ index: Int) -> UInt64 {
      var value: UInt64 = 0
      for offset in 0..<8 where index * 8 + offset < seed.count {
        value |= UInt64(seed[index * 8 + offset]) << UInt64(offset * 8)
      }
      return value
    }
    key = (word(0), word(1), word(2), word(3))
  }

  private init(key: (UInt64, UInt64, UInt64, UInt64)) { self.key = key }

  public init(seed: UInt64) {
    self.init(seed: (0..<8).map { UInt8(truncatingIfNeeded: seed >> UInt64($0 * 8)) })
  }

  public mutating func next() -> UInt64 {
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
  public mutating func split() -> RandomSource {
    RandomSource(key: (next(), next(), next(), next()))
  }

  /// One block of keystream. The state is kept as its four rows: a column round turns all four columns at once,
  /// and a diagonal round is a column round of rows that have been shifted.
  private static func chaCha20(
    key: (UInt64, UInt64, UInt64, UInt64), counter: UInt64
  ) -> SIMD16<UInt32> {
    func row(_ low: UInt64, _ high: UInt64) -> SIMD4<UInt32> {
      SIMD4(
        UInt32(truncatingIfNeeded: low), UInt32(truncatingIfNeeded: low >> 32),
        UInt32(truncatingIfNeeded: high), UInt32(truncatingIfNeeded: high >> 32))
    }
    let first: (SIMD4<UInt32>, SIMD4<UInt32>, SIMD4<UInt32>, SIMD4<UInt32>) = (
      SIMD4(0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574),
      row(key.0, key.1), row(key.2, key.3), row(counter, 0)
    )
    var (a, b, c, d) = first
    for _ in 0..<10 {
      quarterRounds(&a, &b, &c, &d)
      b = SIMD4(b.y, b.z, b.w, b.x)
      c = SIMD4(c.z, c.w, c.x, c.y)
      d = SIMD4(d.w, d.x, d.y, d.z)
      quarterRounds(&a, &b, &c, &d)
      b = SIMD4(b.w, b.x, b.y, b.z)
      c = SIMD4(c.z, c.w, c.x, c.y)
      d = SIMD4(d.y, d.z, d.w, d.x)
    }
    let upper = SIMD8(lowHalf: a &+ first.0, highHalf: b &+ first.1)
    let lower = SIMD8(lowHalf: c &+ first.2, highHalf: d &+ first.3)
    return SIMD16(lowHalf: upper, highHalf: lower)
  }

  @inline(__always)
  private static func quarterRounds(
    _ a: inout SIMD4<UInt32>, _ b: inout SIMD4<UInt32>, _ c: inout SIMD4<UInt32>,
    _ d: inout SIMD4<UInt32>
  ) {
    a = a &+ b
    d = turned(d ^ a, 16)
    c = c &+ d
    b = turned(b ^ c, 12)
    a = a &+ b
    d = turned(d ^ a, 8)
    c = c &+ d
    b = turned(b ^ c, 7)
  }

  @inline(__always)
  private static func turned(_ row: SIMD4<UInt32>, _ by: UInt32) -> SIMD4<UInt32> {
    row &<< by | row &>> (32 - by)
  }
}
