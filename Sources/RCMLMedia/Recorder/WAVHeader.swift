/// The 44 octets before the samples of a WAV file of 16-bit linear PCM at 8 kHz.
public enum WAVHeader {
  public static let count = 44

  public static func make(channels: Int, dataOctets: UInt64) -> [UInt8] {
    let data = UInt32(clamping: min(dataOctets, UInt64(UInt32.max) - 36))
    var octets: [UInt8] = []
    octets.reserveCapacity(count)
    func word(_ value: UInt32) {
      for shift in [0, 8, 16, 24] as [UInt32] {
        octets.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    }
    octets += Array("RIFF".utf8)
    word(36 + data)
    octets += Array("WAVEfmt ".utf8)
    word(16)
    word(1 | UInt32(channels) << 16)
    word(8_000)
    word(16_000 * UInt32(channels))
    word(UInt32(channels) * 2 | 16 << 16)
    octets += Array("data".utf8)
    word(data)
    return octets
  }
}
