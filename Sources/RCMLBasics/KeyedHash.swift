/// SipHash-2-4 (Aumasson, Bernstein) with 64 or 128 bits of output.
///
/// Keys built from octets of the wire are hashed with a secret: a stranger cannot choose two that collide, and a
/// table keyed by the digest needs no copy of the octets.
public struct KeyedHash: Sendable {
  /// 128 bits of digest: as a key it stands for the octets themselves.
  public struct Digest: Hashable, Sendable {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
      self.high = high
      self.low = low
    }

    /// The digest is already a secret hash: half of it is enough to spread keys over a table.
    public func hash(into hasher: inout Hasher) { hasher.combine(low) }
  }

  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64
  private var pending: UInt64 = 0
  private var pendingCount: UInt64 = 0
  private var total: UInt64 = 0
  private let wide: Bool

  /// `wide`: the 128-bit variant, to be finished with `digest()`.
  public init(key: (UInt64, UInt64), wide: Bool = true) {
    v0 = key.0 ^ 0x736f_6d65_7073_6575
    v1 = key.1 ^ 0x646f_7261_6e64_6f6d
    v2 = key.0 ^ 0x6c79_6765_6e65_7261
    v3 = key.1 ^ 0x7465_6462_7974_6573
    self.wide = wide
    if wide { v1 ^= 0xee }
  }

  public mutating func combine(_ octet: UInt8) {
    pending |= UInt64(octet) << (pendingCount &* 8)
    pendingCount &+= 1
    total &+= 1
    if pendingCount == 8 { absorb() }
  }

  public mutating func combine(_ octets: UnsafeRawBufferPointer) {
    var index = 0
    let count = octets.count
    while index < count, pendingCount != 0 {
      combine(octets[index])
      index &+= 1
    }
    while count &- index >= 8 {
      pending = UInt64(
        littleEndian: octets.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      total &+= 8
      absorb()
      index &+= 8
    }
    while index < count {
      combine(octets[index])
      index &+= 1
    }
  }

  public mutating func combine(_ octets: [UInt8]) { octets.withUnsafeBytes { combine($0) } }

  /// A number with its length fixed, so that neighbours cannot run into each other.
  public mutating func combine(_ value: UInt64) {
    var shift: UInt64 = 0
    while shift < 64 {
      combine(UInt8(truncatingIfNeeded: value >> shift))
      shift &+= 8
    }
  }

  /// 64 bits; only for a hash that was not made `wide`.
  public consuming func value() -> UInt64 {
    precondition(!wide, "a wide hash ends with digest()")
    close()
    v2 ^= 0xff
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  public consuming func digest() -> Digest {
    precondition(wide, "a narrow hash ends with value()")
    close()
    v2 ^= 0xee
    for _ in 0..<4 { round() }
    let low = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xdd
    for _ in 0..<4 { round() }
    return Digest(high: v0 ^ v1 ^ v2 ^ v3, low: low)
  }

  private mutating func close() {
    pending |= total << 56
    absorb()
  }

  private mutating func absorb() {
    v3 ^= pending
    round()
    round()
    v0 ^= pending
    pending = 0
    pendingCount = 0
  }

  @inline(__always)
  private mutating func round() {
    v0 = v0 &+ v1
    v1 = (v1 << 13 | v1 >> 51) ^ v0
    v0 = v0 << 32 | v0 >> 32
    v2 = v2 &+ v3
    v3 = (v3 << 16 | v3 >> 48) ^ v2
    v0 = v0 &+ v3
    v3 = (v3 << 21 | v3 >> 43) ^ v0
    v2 = v2 &+ v1
    v1 = (v1 << 17 | v1 >> 47) ^ v2
    v2 = v2 << 32 | v2 >> 32
  }
}
