import RCMLBasics
import RCMLDocument

/// The way of a request, as those have to know it who keep its answer (spec V-20) or bound where it leads (Y-5).
struct WebTrail {
  /// The call whose trace it belongs to; nil = none's.
  let call: CallSid?
  /// What one URL on the way is asked besides.
  let condition: WebCondition?
  /// The redirects that led to where it is now, and in the end what was answered there.
  private(set) var path: [WebHop] = []
  /// When the exchange under way, or the last one, began.
  private(set) var asked: Instant
  /// Outside as soon as anybody outside has had a say in it.
  private(set) var origin: DocumentOrigin
  /// Of what the request tells of (spec E-9).
  let reason: Reason?

  init(
    condition: WebCondition?, origin: DocumentOrigin, about reason: Reason? = nil, call: CallSid?,
    at now: Instant
  ) {
    self.reason = reason
    self.call = call
    self.condition = condition
    self.origin = origin
    asked = now
  }

  mutating func began(at now: Instant) { asked = now }

  mutating func answered(_ url: String, _ answer: HTTPAnswer, at now: Instant) {
    if answer.isPublic { origin = .outside }
    path.append(
      WebHop(
        url: url, status: answer.status, cacheFields: answer.cacheFields, asked: asked, came: now))
  }
}
