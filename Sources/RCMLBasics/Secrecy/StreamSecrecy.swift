/// The keys of a stream whose packets are secret (spec T-10): the one that the party told us, and the one that we told it.
public struct StreamSecrecy: Hashable, Sendable {
  /// Of what comes from the party.
  public var incoming: SecureKey
  /// Of what goes to it.
  public var outgoing: SecureKey

  public init(incoming: SecureKey, outgoing: SecureKey) {
    self.incoming = incoming
    self.outgoing = outgoing
  }
}
