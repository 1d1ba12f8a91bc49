import RCMLBasics

/// What a party of the host's own is to do, or is told. Descriptions are empty where frames go.
public enum HostAction: Hashable, Sendable {
  /// Caller: it rings at the other end; with a description the caller may be let hear what comes (183).
  case ring(code: UInt16, sdp: [UInt8])
  /// Caller: answer it. The description is the answer to its offer, or an offer where it brought none.
  case answer(sdp: [UInt8])
  /// Caller: refuse it.
  case reject(code: UInt16, phrase: String, Reason)
  /// Whatever it does, it is over.
  case hangUp(Reason)
  /// Leg: call this party.
  case call(HostInvite)
  /// It is asked to change its media; to be answered with `answers` or `refuses`.
  case offer(sdp: [UInt8])
  /// Its own wish to change its media was accepted, or refused.
  case accepted(sdp: [UInt8])
  case refused(code: UInt16)
  /// It hears a key of the other party: one of 0-9 * # A-D (spec Q-30).
  case key(UInt8)
}

/// A party of the host's that is to be called.
public struct HostInvite: Hashable, Sendable {
  /// NAME, as the host gave it (spec Q-31).
  public var to: String
  /// A URI without brackets.
  public var from: String
  /// The display name; empty = none.
  public var fromName: String
  public var media: HostMedia
  public var headers: [HeaderLine]
  /// Our offer; empty where frames go.
  public var sdp: [UInt8]

  public init(
    to: String, from: String, fromName: String = "", media: HostMedia, headers: [HeaderLine],
    sdp: [UInt8]
  ) {
    self.to = to
    self.from = from
    self.fromName = fromName
    self.media = media
    self.headers = headers
    self.sdp = sdp
  }
}
