/// What the host says of a party of its own.
public enum HostPartyReport: Hashable, Sendable {
  /// Leg: it rings (180), or there is something to be heard before it answers (183).
  case rings(code: UInt16, sdp: [UInt8])
  /// Leg: it answered. Caller or leg: the answer to an `offer` of ours.
  case answers(sdp: [UInt8])
  /// It wants other media; `accepted` or `refused` follows.
  case offers(sdp: [UInt8])
  /// An `offer` of ours is not taken; everything stays as it was.
  case refuses(code: UInt16)
  /// It hung up, gave up, or — a leg that did not answer — is busy or whatever `code` says; 0 = no code.
  case ends(code: UInt16)
  /// It pressed a key: one of 0-9 * # A-D.
  case presses(UInt8)
}
