import RCMLBasics
import RCMLDial
import RCMLMedia

/// One thing to be asked of the web, however many exchanges it takes: redirects, repetitions, one answer in the end.
///
/// An object: the client finds it once and changes it in place.
final class WebRequest {
  /// The client's name for it.
  struct ID: Hashable {
    let number: UInt64
  }

  enum Owner: Hashable {
    case document(CallNumber, RequestNumber)
    /// Without a leg: of the call's recordings.
    case callback(CallNumber, LegNumber?)
    /// For whoever waits for the sound; the call that wanted it first names it.
    case sound(CallNumber, SoundID)

    var call: CallNumber {
      switch self {
      case .document(let call, _), .callback(let call, _), .sound(let call, _): call
      }
    }

    var isCallback: Bool {
      switch self {
      case .callback: true
      case .document, .sound: false
      }
    }

    var sound: SoundID? {
      switch self {
      case .document, .callback: nil
      case .sound(_, let sound): sound
      }
    }
  }

  let owner: Owner
  /// What `Retrieved.finalURL` says in the end: with what the application wrote, user info excepted.
  var address: WebAddress
  var method: String
  var parameters: [Parameter]
  var terms: WebTerms
  var trail: WebTrail
  /// The same for every exchange of this request (spec H-24, Q-20).
  let idempotencyKey: [UInt8]
  let began: Instant
  /// Exchanges that failed and were repeated.
  var repetitions = 0
  /// The host does not mind this URL, or did not say so in time (spec Y-4).
  var isAllowed = false
  var state: State
  /// When the present state ends by itself.
  var deadline: Instant

  init(
    owner: Owner, address: WebAddress, method: String,
    parameters: [Parameter], terms: WebTerms, trail: WebTrail,
    idempotencyKey: [UInt8], at now: Instant
  ) {
    self.owner = owner
    self.address = address
    self.method = method
    self.parameters = parameters
    self.terms = terms
    self.trail = trail
    self.idempotencyKey = idempotencyKey
    began = now
    state = .pausing
    deadline = now
  }

  var bodyLimit: Int { owner.sound == nil ? terms.settings.bodyLimit : SoundFile.octetsLimit }

  /// After this nothing is begun or repeated (spec K-13).
  var end: Instant { terms.policy.totalTimeout.map { began + $0 } ?? .distantFuture }

  enum State: Hashable {
    /// The host is asked whether the URL may be requested (spec Y-4).
    case questioned(ExchangeID)
    /// An exchange, or a question to the host, is under way.
    case asked(ExchangeID)
    /// Waits for its next attempt.
    case pausing
  }
}

/// What a request came to.
enum WebOutcome {
  /// `path`: every answer on the way and this one; empty = the host's own.
  case answered(finalURL: String, HTTPAnswer, path: [WebHop])
  case failed(WebFailure)
}

/// Why there was no usable answer, after redirects and repetitions.
enum WebFailure: Hashable {
  case exchange(HTTPFailure)
  case tooManyRedirects
  /// Not a URL we ask, an address that may not be asked, the host's word, or a redirect from `https` to `http` (spec H-9).
  case refused(ReasonCode)
}
