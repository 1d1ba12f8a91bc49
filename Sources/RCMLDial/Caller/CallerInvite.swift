import RCMLBasics

/// What the caller's INVITE says that its legs, or requests, take from it.
public struct CallerInvite: Sendable {
  /// P-11, empty = not a SIP call.
  public var callID: String
  ///
  public var headers: [HeaderLine]
  /// `Max-Forwards` as it arrived (spec U-6).
  public var maxForwards: UInt8
  /// `Max-Breadth` as it arrived; nil = none (RFC 5393, spec Y-6).
  public var maxBreadth: UInt8?
  /// Of what it offers something can be spoken and heard here (PCMU, PCMA), or it has not offered yet (L-49).
  public var offersSpeech: Bool
  /// P-15, empty = its peer has proved nothing (spec T-8).
  public var peerNames = ""
}
