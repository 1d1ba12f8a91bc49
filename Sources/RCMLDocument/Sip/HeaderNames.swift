import RCMLBasics

/// Which header names a document may send (spec ).
enum HeaderNames {
  /// Long and compact forms, lower case.
  static let forbidden: Set<String> = [
    "via", "v", "from", "f", "to", "t", "call-id", "i", "cseq", "contact", "m", "route",
    "record-route", "max-forwards", "content-length", "l", "content-type", "c",
    "content-encoding", "e", "content-disposition", "mime-version", "authorization",
    "proxy-authorization", "www-authenticate", "proxy-authenticate", "authentication-info",
    "require", "proxy-require", "supported", "k", "unsupported", "allow", "allow-events", "u",
    "accept", "event", "o", "subscription-state", "expires", "min-expires", "session-expires",
    "x", "min-se", "rseq", "rack", "refer-to", "r", "referred-by", "b", "replaces", "join",
    "target-dialog", "path", "service-route", "identity", "y", "date", "timestamp", "reason",
    "privacy", "user-agent", "server", "body", "max-breadth", "rcml-trail",
  ]

  /// Sent under their own name.
  static let own: Set<String> = [
    "user-to-user", "remote-party-id", "p-preferred-identity", "p-called-party-id", "diversion",
    "alert-info", "call-info", "subject", "priority", "organization", "answer-mode",
    "priv-answer-mode",
  ]

  static func isToken(_ name: [UInt8]) -> Bool {
    !name.isEmpty && name.allSatisfy(\.isTokenOctet)
  }
}
