import CMPEG

/// MP3 (MPEG 1, 2 and 2.5, layers I to III) as samples at 8 kHz, where libmpg123 is installed: ID3 tags, variable bit rates, frames
/// that are broken. Bounded like every other sound, whatever the octets say.
enum MPEGSound {
  /// Octets and samples handed over at once.
  private static let portion = 16_384

  /// By its ID3 tag, or by the header of a frame that could be one.
  static func isOne(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 4 else { return false }
    if bytes.prefix(3).elementsEqual("ID3".utf8) { return true }
    let (first, second, third) = (bytes[0], bytes[1], bytes[2])
    return first == 0xff && second & 0xe0 == 0xe0  // its beginning
      && second & 0x18 != 0x08 && second & 0x06 != 0  // a version and a layer that there are
      && third & 0xf0 != 0xf0 && third & 0x0c != 0x0c  // a bit rate and a sampling rate
  }

  static func read(_ bytes: UnsafeRawBufferPointer) -> Result<[Int16], SoundProblem> {
    guard mpeg_is_there() else { return .failure(.undecodable) }
    guard let decoder = mpeg_decoder_create() else { return .failure(.unreadable) }
    defer { mpeg_decoder_destroy(decoder) }
    var sound = Pieces()
    var position = 0
    while position < bytes.count {
      let part = UnsafeRawBufferPointer(
        rebasing: bytes[position..<min(position + portion, bytes.count)])
      position += part.count
      guard mpeg_decoder_feed(decoder, part.baseAddress, part.count) else {
        return .failure(.unreadable)
      }
      let isWhole = decode(decoder, into: &sound)
      if sound.isTooLong { return .failure(.tooLong) }
      // What came before what is broken is heard.
      if !isWhole { break }
    }
    return sound.samples()
  }

  /// False: nothing more comes of it.
  private static func decode(_ decoder: UnsafeMutableRawPointer, into sound: inout Pieces) -> Bool {
    while !sound.isTooLong {
      var (count, rate) = (0, 0)
      var outcome = Int32(0)
      let samples = [Int16](unsafeUninitializedCapacity: portion) { room, filled in
        outcome = mpeg_decoder_read(decoder, room.baseAddress, room.count, &count, &rate)
        filled = outcome == MPEG_SAMPLES ? count : 0
      }
      guard outcome == MPEG_SAMPLES else { return outcome == MPEG_HUNGRY }
      sound.add(samples, rate: rate)
    }
    return true
  }

  /// What was decoded, a piece for each sampling rate.
  private struct Pieces {
    private var pieces: [(rate: Int, samples: [Int16])] = []
    private var milliseconds = 0
    private var isStrange = false

    var isTooLong: Bool { milliseconds > SoundFile.secondsLimit * 1_000 }

    mutating func add(_ samples: [Int16], rate: Int) {
      guard (8_000...48_000).contains(rate) else {
        isStrange = true
        return
      }
      if let last = pieces.indices.last, pieces[last].rate == rate {
        pieces[last].samples += samples
      } else {
        pieces.append((rate, samples))
      }
      milliseconds += samples.count * 1_000 / rate
    }

    func samples() -> Result<[Int16], SoundProblem> {
      var all: [Int16] = []
      for piece in pieces {
        guard piece.rate != 8_000 else {
          all += piece.samples
          continue
        }
        guard let resampled = Resampler.resample(piece.samples, from: piece.rate, to: 8_000) else {
          return .failure(.unsupported)
        }
        all += resampled
      }
      if all.isEmpty { return .failure(isStrange ? .unsupported : .damaged) }
      return .success(all)
    }
  }
}
