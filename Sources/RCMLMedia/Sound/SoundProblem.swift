/// Why octets are no sound we can play (spec V-11).
public enum SoundProblem: UInt8, Error, Hashable, Sendable {
  /// Neither WAV, AU nor MP3, and nobody said that it is raw.
  case unknownFormat
  /// A header that ends too early or contradicts itself.
  case damaged
  /// An encoding, rate or number of channels we do not read.
  case unsupported
  /// More than ten minutes.
  case tooLong
  case empty
  /// There is no such file, or it may not be read.
  case unreadable
  /// The speech program is not there, failed, or took too long.
  case speechless
  /// MP3, and this machine has no libmpg123.
  case undecodable

  /// What to tell the author of the document.
  public var sentence: String {
    switch self {
    case .unknownFormat: "it is neither WAV, AU nor MP3; convert it to WAV, 16 bit, 8 kHz, mono"
    case .damaged: "it is damaged"
    case .unsupported:
      "its encoding is not read; WAV or AU with PCM of 8, 16 or 24 bit, mu-law or A-law, or MP3, 8 to 48 kHz is"
    case .tooLong: "it is longer than ten minutes"
    case .empty: "it holds no sound"
    case .unreadable: "the file cannot be read"
    case .speechless: "the speech program is not there, failed, or took too long"
    case .undecodable:
      "it is MP3, and libmpg123, which reads that, is not installed (Debian: libmpg123-0)"
    }
  }
}
