/// Where we show an address of an inner network to a peer outside of it, who can reach nobody there (spec U-64).
package enum InnerAddress: UInt8, Hashable, Sendable {
  /// Contact: the peer's own requests, its BYE among them, do not arrive.
  case contact
  /// The SDP: its sound does not arrive.
  case description
}
