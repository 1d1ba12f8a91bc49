/// PCMU and PCMA (ITU-T G.711; RTP payload types 0 and 8 of RFC 3551), between octets and 16-bit linear.
///
/// Decoding is one look-up in a table of 256; encoding finds the segment by counting leading zeros. Nothing
/// is allocated.
public enum G711 {
  public enum Law: UInt8, Sendable {
    case mu = 0
    case a = 8
  }

  public static func decode(_ octet: UInt8, _ law: Law) -> Int16 {
    switch law {
    case .mu: return muTable[Int(octet)]
    case .a: return aTable[Int(octet)]
    }
  }

  public static func encode(_ sample: Int16, _ law: Law) -> UInt8 {
    switch law {
    case .mu: return encodeMu(sample)
    case .a: return encodeA(sample)
    }
  }

  /// PCMU ↔ PCMA without a stop at linear rounding twice: each octet maps to the nearest of the other law.
  public static func transcode(_ octet: UInt8, from law: Law) -> UInt8 {
    switch law {
    case .mu: return encodeA(muTable[Int(octet)])
    case .a: return encodeMu(aTable[Int(octet)])
    }
  }

  // MARK: whole packets: the law is asked for and the table fetched once

  /// As many samples as there are octets for, or room.
  public static func decode(
    _ octets: UnsafeRawBufferPointer, _ law: Law, into samples: UnsafeMutableBufferPointer<Int16>
  ) {
    (law == .mu ? muTable : aTable).withUnsafeBufferPointer { table in
      for place in 0..<min(octets.count, samples.count) {
        samples[place] = table[Int(octets[place])]
      }
    }
  }

  /// As many octets as there are samples for, or room.
  public static func encode(
    _ samples: UnsafeBufferPointer<Int16>, _ law: Law, into octets: UnsafeMutableRawBufferPointer
  ) {
    let count = min(samples.count, octets.count)
    switch law {
    case .mu: for place in 0..<count { octets[place] = encodeMu(samples[place]) }
    case .a: for place in 0..<count { octets[place] = encodeA(samples[place]) }
    }
  }

  public static func transcode(_ octets: UnsafeMutableRawBufferPointer, from law: Law) {
    (law == .mu ? muToA : aToMu).withUnsafeBufferPointer { table in
      for place in octets.indices { octets[place] = table[Int(octets[place])] }
    }
  }

  private static let muToA = (0...255).map { transcode(UInt8($0), from: .mu) }
  private static let aToMu = (0...255).map { transcode(UInt8($0), from: .a) }

  private static let muTable: [Int16] = (0...255).map { octet in
    let bits = ~UInt8(octet)
    let exponent = Int(bits >> 4 & 7)
    let magnitude = ((Int(bits & 15) << 3 + 0x84) << exponent) - 0x84
    return Int16(clamping: bits & 0x80 != 0 ? -magnitude : magnitude)
  }

  private static let aTable: [Int16] = (0...255).map { octet in
    let bits = UInt8(octet) ^ 0x55
    let exponent = Int(bits >> 4 & 7)
    var magnitude = Int(bits & 15) << 4 + 8
    if exponent > 0 { magnitude = (magnitude + 0x100) << (exponent - 1) }
    return Int16(clamping: bits & 0x80 != 0 ? magnitude : -magnitude)
  }

  private static func encodeMu(_ sample: Int16) -> UInt8 {
    let sign: UInt8 = sample < 0 ? 0x80 : 0
    // The largest magnitude that still fits with the bias of 132 (G.711 table 2b).
    let magnitude = UInt16(min(sample.magnitude, 32_635) + 132)
    let exponent = UInt8(8 - magnitude.leadingZeroBitCount)
    let mantissa = UInt8(magnitude >> (UInt16(exponent) + 3) & 15)
    return ~(sign | exponent << 4 | mantissa)
  }

  private static func encodeA(_ sample: Int16) -> UInt8 {
    let sign: UInt8 = sample < 0 ? 0 : 0x80
    // One's complement for the negative side: -1 and 0 are neighbours in A-law.
    let magnitude = UInt16(sample < 0 ? ~sample : sample) >> 4
    guard magnitude > 15 else { return (sign | UInt8(magnitude)) ^ 0x55 }
    let exponent = UInt8(12 - magnitude.leadingZeroBitCount)
    let mantissa = UInt8(magnitude >> (UInt16(exponent) - 1) & 15)
    return (sign | exponent << 4 | mantissa) ^ 0x55
  }
}
