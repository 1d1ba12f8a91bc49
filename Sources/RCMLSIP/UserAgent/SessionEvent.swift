import RCMLBasics

/// What happened to an INVITE session. Octets are copies: an event may be kept.
public enum SessionEvent {
  /// A 1xx to our INVITE (also 100). `body` is SDP or empty.
  case provisional(code: UInt16, body: [UInt8])
  /// The first 2xx to our INVITE; its ACK has been sent. Later 2xx of other forks are ACKed and BYEd inside
  /// (spec F-9) and never appear here. `headers` are those of X-20: X-*, User-to-User, Diversion.
  case answered(code: UInt16, body: [UInt8], headers: [HeaderLine])
  /// A 2xx that crossed our giving up: ACKed and BYEd inside (spec L-20). Nobody may be joined to it.
  case answeredTooLate(code: UInt16)
  /// A final response of 300 or above to our INVITE; ACKed. `reasons` are its Reason header values; `Reason` is ours.
  case rejected(
    code: UInt16, phrase: [UInt8], reasons: [[UInt8]], headers: [HeaderLine], Reason)
  /// A 401 or 407 that only the host can answer, with `giveCredentials`; the INVITE waits. Only while the setting
  /// `ask_credentials` is on (spec A-1).
  /// `place` is the host that was dialled, with its port if one was.
  case credentialsWanted(realm: [UInt8], place: [UInt8])
  /// A 3xx points there, and the host is to say with `redirect` whether it may be dialled; the INVITE waits. Only
  /// while the setting `ask_targets` is `all` (spec U-30, Y-3).
  case redirectWanted(uri: [UInt8])
  /// Our INVITE could not be delivered or was never answered; or a caller's was given up, because it never acknowledged a
  /// provisional response that it wanted reliably: 504 is on its way (RFC 3262 §3).
  case failed(Reason)
  /// The caller sent CANCEL: 200 and 487 are already on their way (spec L-32).
  case cancelled(reasons: [[UInt8]])
  /// BYE from the peer: 200 is already on its way.
  case hungUp(reasons: [[UInt8]], headers: [HeaderLine])
  /// The ACK for our 2xx. `body` holds an answer when our 2xx held the offer.
  case acknowledged(body: [UInt8])
  /// No ACK within 64·T1 (spec L-38). The session sends its BYE when it is told to hang up.
  case acknowledgementMissing
  /// re-INVITE, or UPDATE with an offer: to be answered with `answerOffer` or `refuseOffer`. An empty body is a
  /// re-INVITE without an offer.
  case offered(body: [UInt8])
  /// The peer took its re-INVITE back before it was answered (CANCEL), or its UPDATE has lost its dialog: 487 is on its
  /// way, and nobody is to answer it any more (spec U-54).
  case offerCancelled
  /// Our own re-INVITE was answered.
  case offerAccepted(body: [UInt8])
  /// Our own re-INVITE was refused; the session stays as it was (RFC 3261 §14.1). 491 is retried inside.
  case offerRefused(code: UInt16)
  /// Half of the session timer's interval is over, and the peer takes no UPDATE: to be answered with `offer` of what is
  /// agreed, unless an exchange runs that refreshes as well (RFC 4028 §7.4, spec U-24).
  case refreshDue
  /// INFO, answered 200 or 415 inside (spec U-25).
  case info(contentType: [UInt8], body: [UInt8])
  /// REFER, answered 202 inside: the peer wants its partner to talk to this URI. To be ended with `referFinished`
  /// (spec U-40).
  case referred(to: [UInt8])
  /// What we sent shows an address of ours that the peer cannot reach; once for each address.
  case innerAddressShown(InnerAddress, host: [UInt8])
  /// The peer no longer knows the dialog, or an in-dialog request of ours timed out (spec U-27).
  case lost(code: UInt16)
  /// Nothing of the session is left but what RFC 3261 keeps to answer repetitions. The last event.
  case ended
}
