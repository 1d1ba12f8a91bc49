import RCMLSIP

/// Secrecy from phone to phone: descriptions pass with the phones' own keys in them, where both dialogs may carry them.
extension Negotiation {
  /// Video with keys passes as well: the phones understand it.
  var directlyServed: SDPProfiles {
    secrecy.served.contains(.secret) ? secrecy.served.union(.secretVideo) : secrecy.served
  }

  func directlyJudged(_ said: PartyDescription) -> SessionDescription? {
    said.session?.serving(directlyServed)
  }

  /// With audio that is served (spec L-17, L-23, U-53), as it was offered.
  func usable(_ said: PartyDescription) -> SessionDescription? {
    guard let answer = directlyJudged(said), answer.hasUsableAudio, keepsSecrecy(answer) else {
      return nil
    }
    return answer
  }

  /// What was offered with keys is not answered without, nor the other way round (spec T-17).
  func keepsSecrecy(_ answer: SessionDescription) -> Bool {
    guard let proposal, answer.hasUsableAudio else { return true }
    guard answer.isSecret || proposal.isSecret else { return true }
    return answer.answersSecrecy(of: proposal)
  }

  /// What the other party said, as far as it may be said in this dialog, too.
  func told(of remote: SessionDescription, by other: Negotiation) -> SessionDescription {
    remote.serving(directlyServed.intersection(other.directlyServed))
  }
}
