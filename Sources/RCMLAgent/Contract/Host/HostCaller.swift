import RCMLBasics

/// A caller whom the host has on a line of its own.
public struct HostCaller: Hashable, Sendable {
  /// A URI, or a number or name.
  public var from: String
  public var to: String
  /// Its display name; empty = none.
  public var name: String
  public var media: HostMedia
  /// Its offer; empty = it brings none, and answers ours.
  public var sdp: [UInt8]

  /// What an INVITE of it would have brought (spec X-20).
  public var headers: [HeaderLine] = []
  /// Parties are not to be shown it (spec U-3).
  public var isPrivate = false
  /// It is answered already.
  public var isAnswered = false
  /// Of the call, instead of the agent's (spec Q-35).
  public var settings: [CallSetting] = []

  public init(
    from: String, to: String, name: String = "", media: HostMedia, sdp: [UInt8] = []
  ) {
    self.from = from
    self.to = to
    self.name = name
    self.media = media
    self.sdp = sdp
  }
}
