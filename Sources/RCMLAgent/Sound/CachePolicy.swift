import RCMLBasics

/// Who may be played what was answered, how long, and what to ask by when that is over (spec V-20, RFC 9111).
///
/// We are a shared cache that never plays what is stale: `must-revalidate`, `proxy-revalidate` and what allows stale
/// answers change nothing. The table beside it is `CachePolicy.table.md`.
struct CachePolicy: Equatable {
  enum Reach: Int, Comparable {
    /// Those parts of the call that asked for it which wait now.
    case once
    /// The call that asked for it.
    case call
    case everybody

    static func < (a: Reach, b: Reach) -> Bool { a.rawValue < b.rawValue }
  }

  enum Term: Equatable {
    /// Each time it is asked for again.
    case never
    case until(Instant)
    /// Nothing was said: the setting `sound_cache` alone decides.
    case unsaid
  }

  private(set) var reach: Reach
  private(set) var term: Term
  let came: Instant
  /// What the server is asked by when the term is over; nil = there is nothing to ask by.
  private(set) var condition: WebCondition?
  /// Headers of the request that the answer depends on.
  private(set) var nominated: [HeaderLine] = []

  /// What no server has a word about: files, and what a program or the host says.
  static func own(isForEver: Bool, at now: Instant) -> CachePolicy {
    CachePolicy(
      reach: .everybody, term: isForEver ? .until(.distantFuture) : .unsaid, came: now)
  }

  /// The host's answer to a `host:` URL: it was asked about one call, so it is that call's, unless its content type says
  /// with `max-age` that it is for everybody for so long.
  static func host(contentType: String, at now: Instant) -> CachePolicy {
    let parameters = contentType.split(separator: ";").dropFirst()
    for parameter in parameters {
      for (name, value) in CacheControl.directives(Array(parameter.utf8)) where name == "max-age" {
        let seconds = CacheControl.seconds(value) ?? 0
        return CachePolicy(
          reach: .everybody, term: .until(now + .seconds(Int(seconds))), came: now)
      }
    }
    return CachePolicy(reach: .call, term: .unsaid, came: now)
  }

  /// `path`: every answer on the way, the last one with the sound. All of them have to allow it, and the shortest term counts.
  init(path: [WebHop], of request: RequestHeaders, wall: WallClock, at now: Instant) {
    self.init(reach: .everybody, term: .unsaid, came: now)
    for hop in path { restrict(by: hop, request, wall) }
    if let last = path.last { condition = CachePolicy.condition(last) }
  }

  private init(reach: Reach, term: Term, came: Instant) {
    self.reach = reach
    self.term = term
    self.came = came
  }

  /// Whether it may be played now without being asked for again. `longest`: the setting `sound_cache`.
  func isFresh(longest: Interval, at now: Instant) -> Bool {
    switch term {
    case .never: false
    case .until(.distantFuture): true
    case .until(let end): now < end && now - came < longest
    case .unsaid: now - came < longest
    }
  }

  /// Whether another request would be answered with the same.
  func matches(_ request: RequestHeaders) -> Bool {
    nominated.allSatisfy { request.standing.contains($0) }
  }

  private mutating func restrict(by hop: WebHop, _ request: RequestHeaders, _ wall: WallClock) {
    let control = CacheControl(hop.cacheFields)
    if control.isNotStored { reach = .once }
    if control.isPrivate { reach = min(reach, .call) }
    // Whoever sets a cookie may mean one visitor, unless he says that it is for all.
    let setsCookie = hop.cacheFields.contains { $0.name.elementsEqual("set-cookie".utf8) }
    if setsCookie, !control.isPublic, control.sharedMaximumAge == nil { reach = min(reach, .call) }
    if let headers = request.nominated(by: hop.cacheFields) {
      nominated += headers.filter { !nominated.contains($0) }
    } else {
      reach = .once
    }
    let own = CachePolicy.term(hop, control, wall)
    switch (term, own) {
    case (.never, _), (_, .never): term = .never
    case (.until(let end), .until(let other)): term = .until(min(end, other))
    case (.unsaid, .until): term = own
    case (.until, .unsaid), (.unsaid, .unsaid): break
    }
  }

  private static func term(_ hop: WebHop, _ control: CacheControl, _ wall: WallClock) -> Term {
    if control.isNotUsedUnasked { return .never }
    let shared = control.isPrivate ? nil : control.sharedMaximumAge
    guard let lifetime = shared ?? control.maximumAge ?? expiry(hop, wall) else {
      return isLastingByItself(hop.status) ? .unsaid : .never
    }
    let rest = lifetime - age(hop, wall)
    return rest <= 0 ? .never : .until(hop.came + .seconds(Int(min(rest, 1 << 31))))
  }

  /// `Expires` against `Date` (§4.2.1); what cannot be read is over (§5.3).
  private static func expiry(_ hop: WebHop, _ wall: WallClock) -> Int64? {
    guard let expires = value("expires", hop) else { return nil }
    guard let end = HTTPDate.seconds(expires) else { return 0 }
    return end - (date(hop) ?? seconds(wall, at: hop.came))
  }

  /// §4.2.3.
  private static func age(_ hop: WebHop, _ wall: WallClock) -> Int64 {
    let said = value("age", hop).flatMap {
      CacheControl.seconds(String(decoding: $0, as: UTF8.self))
    }
    let apparent = date(hop).map { max(0, seconds(wall, at: hop.came) - $0) } ?? 0
    let delay = Int64(max(0, (hop.came - hop.asked).wholeSeconds))
    return max(apparent, (said ?? 0) + delay)
  }

  /// Statuses that may be kept without a word about it (RFC 9110 §15.1): of the redirects the permanent ones.
  private static func isLastingByItself(_ status: UInt16) -> Bool {
    switch status {
    case 200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501: true
    default: false
    }
  }

  private static func condition(_ hop: WebHop) -> WebCondition? {
    var headers: [HeaderLine] = []
    if let tag = value("etag", hop) { headers.append(HeaderLine("If-None-Match", tag)) }
    if let date = value("last-modified", hop) {
      headers.append(HeaderLine("If-Modified-Since", date))
    }
    return headers.isEmpty ? nil : WebCondition(url: hop.url, headers: headers)
  }

  private static func date(_ hop: WebHop) -> Int64? {
    value("date", hop).flatMap { HTTPDate.seconds($0) }
  }

  private static func seconds(_ wall: WallClock, at instant: Instant) -> Int64 {
    wall.unixMicroseconds(at: instant) / 1_000_000
  }

  private static func value(_ name: StaticString, _ hop: WebHop) -> [UInt8]? {
    let line = HeaderLine(name, [])
    return hop.cacheFields.first { $0.name == line.name }?.value
  }
}

extension WebHop {
  /// What is said again by a 304 replaces what was said before (RFC 9111 §3.2).
  func renewing(_ fields: [HeaderLine]) -> WebHop {
    let kept = fields.filter { old in !cacheFields.contains { $0.name == old.name } }
    return WebHop(
      url: url, status: 200, cacheFields: cacheFields + kept, asked: asked, came: came)
  }
}
