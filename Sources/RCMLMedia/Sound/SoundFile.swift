/// Reads WAV, AU, raw sound and MP3 into 16-bit linear samples at 8 kHz, mono.
///
/// The octets come from strangers: every length in a header is held against what is really there.
public enum SoundFile {
  public static let secondsLimit = 600
  /// What a file may weigh: ten minutes of 16-bit stereo at 48 kHz.
  public static let octetsLimit = secondsLimit * 48_000 * 4 + 4_096

  /// `name` and `contentType` decide only where the octets themselves say nothing (`audio/basic`, `.ulaw`, `.alaw`,
  /// `.sln`), or little: a frame of MP3 begins with eleven bits that raw sound may begin with, too.
  public static func read(
    _ octets: [UInt8], name: String = "", contentType: String = ""
  ) -> Result<[Int16], SoundProblem> {
    guard !octets.isEmpty else { return .failure(.empty) }
    return octets.withUnsafeBytes { bytes in
      let (name, type) = (name.lowercased(), contentType.lowercased())
      if isMPEG(bytes, name, type) { return MPEGSound.read(bytes) }
      return locate(bytes, name, type).flatMap { decode(bytes, $0.format, $0.data) }
    }
  }

  private static func isMPEG(
    _ bytes: UnsafeRawBufferPointer, _ name: String, _ contentType: String
  ) -> Bool {
    if matches(bytes, 0, "RIFF") || matches(bytes, 0, ".snd") { return false }
    if raw(name, contentType) != nil { return false }
    let types = ["audio/mpeg", "audio/mp3", "audio/x-mp3", "audio/x-mpeg", "audio/mpg"]
    return MPEGSound.isOne(bytes) || name.hasSuffix(".mp3")
      || types.contains { contentType.hasPrefix($0) }
  }

  private static func locate(
    _ bytes: UnsafeRawBufferPointer, _ name: String, _ contentType: String
  ) -> Result<(format: SoundFormat, data: Range<Int>), SoundProblem> {
    // RF64 and BW64 are WAV whose lengths stand elsewhere, because they are too large for it (EBU Tech 3306).
    if ["RIFF", "RF64", "BW64"].contains(where: { matches(bytes, 0, $0) }),
      matches(bytes, 8, "WAVE")
    {
      return wave(bytes)
    }
    if matches(bytes, 0, ".snd") { return sun(bytes) }
    guard let format = raw(name, contentType) else {
      return .failure(.unknownFormat)
    }
    return .success((format, 0..<bytes.count))
  }

  private static func raw(_ name: String, _ contentType: String) -> SoundFormat? {
    func ends(_ endings: [String]) -> Bool { endings.contains { name.hasSuffix($0) } }
    if ends([".sln", ".raw", ".pcm"]) {
      return SoundFormat(encoding: .linear16, rate: 8_000, channels: 1)
    }
    if ends([".alaw", ".al", ".pcma"]) || contentType.hasPrefix("audio/pcma") {
      return SoundFormat(encoding: .a, rate: 8_000, channels: 1)
    }
    if ends([".ulaw", ".ul", ".mulaw", ".pcmu"]) || contentType.hasPrefix("audio/basic")
      || contentType.hasPrefix("audio/pcmu")
    {
      return SoundFormat(encoding: .mu, rate: 8_000, channels: 1)
    }
    return nil
  }

  // MARK: WAV

  private static func wave(
    _ bytes: UnsafeRawBufferPointer
  ) -> Result<(format: SoundFormat, data: Range<Int>), SoundProblem> {
    var format: SoundFormat?
    var position = 12
    while position + 8 <= bytes.count {
      let length = Int(little32(bytes, position + 4))
      let start = position + 8
      if matches(bytes, position, "fmt ") {
        guard length >= 16, start + length <= bytes.count else { return .failure(.damaged) }
        guard let read = waveFormat(bytes, start, length) else { return .failure(.unsupported) }
        format = read
      } else if matches(bytes, position, "data") {
        guard let format else { return .failure(.damaged) }
        // V-22: a writer that streamed, or died, left a length that is not true: what is there counts.
        let isUnknown = length == 0 && !areChunks(bytes, start)
        return .success(
          (format, start..<(isUnknown ? bytes.count : min(bytes.count, start + length))))
      }
      position = next(bytes, behind: start + length)
    }
    return .failure(.damaged)
  }

  /// Chunks begin at even places; some writers leave out the octet that makes them.
  private static func next(_ bytes: UnsafeRawBufferPointer, behind end: Int) -> Int {
    guard end & 1 == 1, end < bytes.count, bytes[end] != 0, isName(bytes, end) else {
      return end + (end & 1)
    }
    return end
  }

  /// Whether nothing but whole chunks follows, or nothing at all: then a sound without samples is one.
  private static func areChunks(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    var position = start
    while position + 8 <= bytes.count, isName(bytes, position) {
      position = next(bytes, behind: position + 8 + Int(little32(bytes, position + 4)))
    }
    return position >= bytes.count && position <= bytes.count + 1
  }

  private static func isName(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Bool {
    at + 4 <= bytes.count && bytes[at..<at + 4].allSatisfy { (0x20..<0x7f).contains($0) }
  }

  private static func waveFormat(
    _ bytes: UnsafeRawBufferPointer, _ at: Int, _ length: Int
  ) -> SoundFormat? {
    var tag = little16(bytes, at)
    // WAVE_FORMAT_EXTENSIBLE has the true tag in the first two octets of its GUID.
    if tag == 0xfffe, length >= 40 { tag = little16(bytes, at + 24) }
    let encoding: SoundFormat.Encoding
    switch (tag, little16(bytes, at + 14)) {
    case (1, 8): encoding = .linear8
    case (1, 16): encoding = .linear16
    case (1, 24): encoding = .linear24
    case (6, 8): encoding = .a
    case (7, 8): encoding = .mu
    default: return nil
    }
    return SoundFormat(
      encoding: encoding, rate: Int(little32(bytes, at + 4)), channels: Int(little16(bytes, at + 2))
    )
  }

  // MARK: AU

  private static func sun(
    _ bytes: UnsafeRawBufferPointer
  ) -> Result<(format: SoundFormat, data: Range<Int>), SoundProblem> {
    guard bytes.count >= 24 else { return .failure(.damaged) }
    let start = Int(big32(bytes, 4))
    let length = big32(bytes, 8)
    guard start >= 24, start <= bytes.count else { return .failure(.damaged) }
    let encoding: SoundFormat.Encoding
    switch big32(bytes, 12) {
    case 1: encoding = .mu
    case 3: encoding = .linear16BigEndian
    case 27: encoding = .a
    default: return .failure(.unsupported)
    }
    let format = SoundFormat(
      encoding: encoding, rate: Int(big32(bytes, 16)), channels: Int(big32(bytes, 20)))
    // Unknown is written as all ones, and by some as nothing (V-22).
    let isUnknown = length == 0xffff_ffff || length == 0
    let end = isUnknown ? bytes.count : min(bytes.count, start + Int(length))
    return .success((format, start..<end))
  }

  // MARK: samples

  private static func decode(
    _ bytes: UnsafeRawBufferPointer, _ format: SoundFormat, _ data: Range<Int>
  ) -> Result<[Int16], SoundProblem> {
    guard (8_000...48_000).contains(format.rate), (1...2).contains(format.channels) else {
      return .failure(.unsupported)
    }
    let step = format.octetsPerSample * format.channels
    let count = data.count / step
    guard count > 0 else { return .failure(.empty) }
    guard count <= secondsLimit * format.rate else { return .failure(.tooLong) }
    var samples: [Int16] = []
    samples.reserveCapacity(count)
    for index in 0..<count {
      let at = data.lowerBound + index * step
      var sum = sample(bytes, at, format.encoding)
      if format.channels == 2 {
        sum = (sum + sample(bytes, at + format.octetsPerSample, format.encoding)) / 2
      }
      samples.append(Int16(clamping: sum))
    }
    guard format.rate != 8_000 else { return .success(samples) }
    guard let resampled = Resampler.resample(samples, from: format.rate, to: 8_000) else {
      return .failure(.unsupported)
    }
    return resampled.isEmpty ? .failure(.empty) : .success(resampled)
  }

  private static func sample(
    _ bytes: UnsafeRawBufferPointer, _ at: Int, _ encoding: SoundFormat.Encoding
  ) -> Int {
    switch encoding {
    case .linear8: (Int(bytes[at]) - 128) << 8
    case .linear16: Int(Int16(bitPattern: little16(bytes, at)))
    case .linear16BigEndian: Int(Int16(bitPattern: little16(bytes, at).byteSwapped))
    case .linear24: Int(Int16(bitPattern: little16(bytes, at + 1)))
    case .mu: Int(G711.decode(bytes[at], .mu))
    case .a: Int(G711.decode(bytes[at], .a))
    }
  }

  // MARK: numbers

  private static func matches(
    _ bytes: UnsafeRawBufferPointer, _ at: Int, _ text: StaticString
  ) -> Bool {
    guard bytes.count >= at + text.utf8CodeUnitCount else { return false }
    for place in 0..<text.utf8CodeUnitCount where bytes[at + place] != text.utf8Start[place] {
      return false
    }
    return true
  }

  private static func little16(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt16 {
    UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self))
  }

  private static func little32(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
  }

  private static func big32(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
  }
}
