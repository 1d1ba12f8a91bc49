import RCMLBasics

/// An audio stream of our own as a description shows it.
public struct AudioPlan: Hashable, Sendable {
  public var port: UInt16
  /// The most wanted first.
  public var formats: [AudioFormat]
  public var direction: AudioDescription.Direction
  /// Milliseconds of audio in a packet; 0 = nothing is said.
  public var packetTime: Int
  public var secrecy = Secrecy.open

  /// Whether it is offered and taken with keys (spec T-15).
  public enum Secrecy: Hashable, Sendable {
    case open
    /// With these, and not without.
    case secret([SDPKey])
    /// With these; open in a second place for whoever cannot.
    case both([SDPKey])
  }

  public init(
    port: UInt16, formats: [AudioFormat],
    direction: AudioDescription.Direction = .sendrecv, packetTime: Int = 0
  ) {
    self.port = port
    self.formats = formats
    self.direction = direction
    self.packetTime = packetTime
  }
}
