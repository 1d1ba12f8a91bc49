/// Numbers of 32 bits as the network has them, most significant octet first (RFC 3550 §4).
enum NetworkOrder {
  /// There are four octets from `place` on: whoever asks has looked.
  @inline(__always)
  static func word(_ octets: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
    UInt32(octets[place]) << 24 | UInt32(octets[place + 1]) << 16 | UInt32(octets[place + 2]) << 8
      | UInt32(octets[place + 3])
  }

  @inline(__always)
  static func put(_ word: UInt32, to octets: UnsafeMutableRawBufferPointer, _ place: Int) {
    for index in 0..<4 {
      octets[place + index] = UInt8(truncatingIfNeeded: word >> UInt32(24 - index * 8))
    }
  }
}
