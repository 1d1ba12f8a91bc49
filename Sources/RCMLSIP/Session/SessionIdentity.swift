import RCMLBasics

/// What a session is known by: it never changes.
struct SessionIdentity {
  let id: SessionID
  /// The random half of our tag.
  let random: UInt64
  let callID: [UInt8]
  /// The end of `localParty`.
  var localTag: ArraySlice<UInt8> { localParty.suffix(Token.length) }
  /// The value of our From in requests (with our tag), and the peer's To without its tag.
  let localParty: [UInt8]
  let remoteParty: [UInt8]
  /// `sips:` was dialled: every hop is secured, whatever other URIs say (RFC 5630 §3.2, spec T-7).
  let isSips: Bool
  /// It is told nothing over a way that others can read: its caller came over TLS, or what we say has keys in it.
  let staysSecured: Bool

  /// A session of the peer's, or, with its parties as we wrote them, of ours.
  init(
    number: UInt64, random: UInt64, secret: UInt64, callID: [UInt8], localParty: ArraySlice<UInt8>,
    remoteParty: [UInt8], isSips: Bool, staysSecured: Bool
  ) {
    id = SessionID(number)
    self.random = random
    self.callID = callID
    self.remoteParty = remoteParty
    self.isSips = isSips
    self.staysSecured = staysSecured
    var party = ByteWriter(capacity: localParty.count + 5 + Token.length)
    party.append(localParty)
    party.append(";tag=")
    Token(number: number, random: random).write(to: &party, secret: secret)
    self.localParty = party.finish()
  }
}
