/// How the samples of a sound file are written.
struct SoundFormat: Hashable {
  enum Encoding: Hashable {
    /// Unsigned.
    case linear8
    case linear16
    case linear16BigEndian
    case linear24
    case mu
    case a
  }

  var encoding: Encoding
  var rate: Int
  var channels: Int

  var octetsPerSample: Int {
    switch encoding {
    case .linear8, .mu, .a: 1
    case .linear16, .linear16BigEndian: 2
    case .linear24: 3
    }
  }
}
