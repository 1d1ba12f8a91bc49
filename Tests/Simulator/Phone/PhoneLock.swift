/// How a callee asks who calls (spec A): one challenge an INVITE, in this order; then it rings, or goes on asking.
package struct PhoneLock: Sendable {
  package struct Challenge: Sendable {
    package enum Kind: Sendable {
      case plain
      /// The nonce before was right but old.
      case stale
      /// Nothing anybody could answer.
      case unusable
      /// 401 and 407 of one realm in one response, as a forking proxy hands them on.
      case both
    }

    package var isProxy: Bool
    package var realm: String
    package var kind: Kind

    package init(isProxy: Bool, realm: String = "home", kind: Kind = .plain) {
      self.isProxy = isProxy
      self.realm = realm
      self.kind = kind
    }
  }

  package var challenges: [Challenge]
  /// The last one is said for ever.
  package var isEndless = false
  /// BYE and re-INVITE are asked for credentials too.
  package var asksInDialog = false
  /// The document has them.
  package var isKnown = true

  package init(challenges: [Challenge]) { self.challenges = challenges }

  package static func username(of callee: Int) -> String { "user\(callee)" }
  package static func password(of callee: Int) -> String { "key-of-\(callee)" }

  /// What INVITE number `round` is answered; nil = nothing is asked any more.
  func challenge(_ round: Int) -> Challenge? {
    if round < challenges.count { return challenges[round] }
    return isEndless ? challenges.last : nil
  }

  static func fields(_ challenge: Challenge, nonce: String) -> [(name: String, value: String)] {
    let algorithm = challenge.kind == .unusable ? "SHA-1024" : "MD5"
    let stale = challenge.kind == .stale ? ", stale=true" : ""
    let value =
      "Digest realm=\"\(challenge.realm)\", nonce=\"\(nonce)\", algorithm=\(algorithm), "
      + "qop=\"auth\"\(stale)"
    let names = challenge.isProxy ? ["Proxy-Authenticate"] : ["WWW-Authenticate"]
    let all =
      challenge.kind == .both ? ["WWW-Authenticate", "Proxy-Authenticate"] : names
    return all.map { ($0, value) }
  }
}
