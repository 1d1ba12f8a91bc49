/// How a party of the host's own speaks and hears.
public enum HostMedia: UInt8, Hashable, Sendable, CaseIterable {
  /// Descriptions go back and forth, sound goes elsewhere or comes as RTP.
  case sdp = 0
  /// Frames of 20 ms: 160 samples of 16 bit at 8 kHz, in this machine's order of octets.
  case linear16 = 1
  /// Frames of 20 ms: 160 octets of G.711.
  case pcmu = 2
  case pcma = 3

  /// Frames instead of descriptions.
  public var isFrames: Bool { self != .sdp }

  /// Octets of a frame; 0 = there are none.
  public var frameOctets: Int {
    switch self {
    case .sdp: 0
    case .linear16: 320
    case .pcmu, .pcma: 160
    }
  }

  /// As `host:` URIs write it.
  public var word: String {
    switch self {
    case .sdp: "sdp"
    case .linear16: "linear16"
    case .pcmu: "pcmu"
    case .pcma: "pcma"
    }
  }

  public init?(word: String) {
    guard let known = HostMedia.allCases.first(where: { $0.word == word }) else { return nil }
    self = known
  }
}
