import RCMLBasics
import RCMLSIP

/// What happens on a line, whether a dialog leads to the party or the line is the host's.
enum LineEvent {
  /// A 1xx to our INVITE, or a party of the host's rings.
  case provisional(code: UInt16, PartyDescription)
  case answered(PartyDescription, headers: [HeaderLine])
  /// A 2xx that crossed our giving up: it is being ended below (spec L-20).
  case answeredTooLate
  case rejected(
    code: UInt16, phrase: [UInt8], reasons: [[UInt8]], headers: [HeaderLine], Reason)
  /// There will be no final response. `code`: what the caller is given because of it; nil = it called nobody.
  case failed(code: UInt16?, Reason)
  /// An unanswered caller gave up.
  case cancelled(reasons: [[UInt8]])
  case hungUp(reasons: [[UInt8]], headers: [HeaderLine])
  /// No ACK for our 200 (spec L-38).
  case acknowledgementMissing
  /// PRACK for an 18x of ours: the caller hears us (spec Y-8).
  case confirmed
  case media(MediaStep)
  /// INFO with a key in it (spec U-25).
  case info(contentType: [UInt8], body: [UInt8])
  /// REFER (spec U-40).
  case referred(to: [UInt8])
  /// The party was shown an address of ours that it cannot reach (spec U-64).
  case innerAddressShown(InnerAddress, host: [UInt8])
  /// The peer no longer knows the dialog (spec U-27).
  case lost
  /// Nothing of the line is left. The last event.
  case ended
  case question(Question)

  /// A step of an exchange of descriptions after the first offer.
  enum MediaStep {
    /// The party wants other media: to be answered or refused. Empty = it wants an offer.
    case offered(PartyDescription)
    /// It took its offer back: nobody is to answer it any more (spec U-54).
    case offerCancelled
    /// What is agreed is to be offered once more, or the session ends (spec U-24).
    case refreshDue
    case offerAccepted(PartyDescription)
    case offerRefused(code: UInt16)
    /// ACK; the answer, when our 200 held the offer.
    case acknowledged(PartyDescription)
  }

  /// Only the host can answer it; the INVITE waits.
  enum Question {
    /// Credentials of a realm (spec A-1).
    case credentials(realm: [UInt8], place: [UInt8])
    /// A contact of a 3xx (spec U-30, Y-3).
    case redirect(uri: [UInt8])
  }
}

extension LineEvent {
  init(_ event: SessionEvent) {
    switch event {
    case .provisional(let code, let body): self = .provisional(code: code, .sdp(body))
    case .answered(_, let body, let headers): self = .answered(.sdp(body), headers: headers)
    case .answeredTooLate: self = .answeredTooLate
    case .rejected(let code, let phrase, let reasons, let headers, let reason):
      self = .rejected(
        code: code, phrase: phrase, reasons: reasons, headers: headers, reason)
    case .failed(let reason):
      self = .failed(code: reason.code == .ringingUnacknowledged ? 504 : nil, reason)
    case .cancelled(let reasons): self = .cancelled(reasons: reasons)
    case .hungUp(let reasons, let headers): self = .hungUp(reasons: reasons, headers: headers)
    case .acknowledged(let body): self = .media(.acknowledged(.sdp(body)))
    case .acknowledgementMissing: self = .acknowledgementMissing
    case .offered(let body): self = .media(.offered(.sdp(body)))
    case .offerCancelled: self = .media(.offerCancelled)
    case .refreshDue: self = .media(.refreshDue)
    case .offerAccepted(let body): self = .media(.offerAccepted(.sdp(body)))
    case .offerRefused(let code): self = .media(.offerRefused(code: code))
    case .info(let contentType, let body): self = .info(contentType: contentType, body: body)
    case .referred(let target): self = .referred(to: target)
    case .innerAddressShown(let subject, let host):
      self = .innerAddressShown(subject, host: host)
    case .lost: self = .lost
    case .ended: self = .ended
    case .credentialsWanted(let realm, let place):
      self = .question(.credentials(realm: realm, place: place))
    case .redirectWanted(let uri): self = .question(.redirect(uri: uri))
    }
  }
}
