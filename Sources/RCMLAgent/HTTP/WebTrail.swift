import RCMLBasics

/// The way of a request, as a cache has to know it (spec V-20).
struct WebTrail {
  /// What one URL on the way is asked besides.
  let condition: WebCondition?
  /// The redirects that led to where it is now, and in the end what was answered there.
  private(set) var path: [WebHop] = []
  /// When the exchange under way, or the last one, began.
  private var asked: Instant

  init(condition: WebCondition?, at now: Instant) {
    self.condition = condition
    asked = now
  }

  mutating func began(at now: Instant) { asked = now }

  mutating func answered(_ url: String, _ answer: HTTPAnswer, at now: Instant) {
    path.append(
      WebHop(
        url: url, status: answer.status, cacheFields: answer.cacheFields, asked: asked, came: now))
  }
}
