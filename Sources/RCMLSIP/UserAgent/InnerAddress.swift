/// Where a message of ours shows an address of an inner network to a peer outside of it, who can reach nobody there
/// (spec U-64).
public enum InnerAddress: UInt8, Hashable, Sendable {
  /// Contact: the peer's own requests, its BYE among them, do not arrive.
  case contact
  /// The SDP: its sound does not arrive.
  case description
  /// The SDP of another party, whose media goes from phone to phone: the peer's sound does not arrive there.
  case relayed
}
