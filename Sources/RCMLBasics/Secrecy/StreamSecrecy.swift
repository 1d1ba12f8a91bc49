/// The keys of a stream whose packets are secret (spec T-10): the one that the party told us, and the one that we told it.
package struct StreamSecrecy: Hashable, Sendable {
  /// Of what comes from the party.
  package var incoming: SecureKey
  /// Of what goes to it.
  package var outgoing: SecureKey

  package init(incoming: SecureKey, outgoing: SecureKey) {
    self.incoming = incoming
    self.outgoing = outgoing
  }
}
