extension FieldName {
  /// As RFC 3261 spells it; empty for `other`.
  public var name: StaticString {
    switch self {
    case .callID: "Call-ID"
    case .cseq: "CSeq"
    case .from: "From"
    case .to: "To"
    case .maxForwards: "Max-Forwards"
    case .maxBreadth: "Max-Breadth"
    case .contentLength: "Content-Length"
    case .contentType: "Content-Type"
    case .contentDisposition: "Content-Disposition"
    case .date: "Date"
    case .event: "Event"
    case .expires: "Expires"
    case .identity: "Identity"
    case .minExpires: "Min-Expires"
    case .minSE: "Min-SE"
    case .mimeVersion: "MIME-Version"
    case .organization: "Organization"
    case .priority: "Priority"
    case .rack: "RAck"
    case .referTo: "Refer-To"
    case .referredBy: "Referred-By"
    case .replaces: "Replaces"
    case .replyTo: "Reply-To"
    case .retryAfter: "Retry-After"
    case .rseq: "RSeq"
    case .server: "Server"
    case .sessionExpires: "Session-Expires"
    case .subject: "Subject"
    case .subscriptionState: "Subscription-State"
    case .timestamp: "Timestamp"
    case .userAgent: "User-Agent"
    case .via: "Via"
    case .contact: "Contact"
    case .trail: "RCML-Trail"
    case .route: "Route"
    case .recordRoute: "Record-Route"
    case .require: "Require"
    case .proxyRequire: "Proxy-Require"
    case .supported: "Supported"
    case .unsupported: "Unsupported"
    case .allow: "Allow"
    case .allowEvents: "Allow-Events"
    case .accept: "Accept"
    case .acceptContact: "Accept-Contact"
    case .acceptEncoding: "Accept-Encoding"
    case .acceptLanguage: "Accept-Language"
    case .alertInfo: "Alert-Info"
    case .authenticationInfo: "Authentication-Info"
    case .authorization: "Authorization"
    case .proxyAuthorization: "Proxy-Authorization"
    case .wwwAuthenticate: "WWW-Authenticate"
    case .proxyAuthenticate: "Proxy-Authenticate"
    case .callInfo: "Call-Info"
    case .contentEncoding: "Content-Encoding"
    case .contentLanguage: "Content-Language"
    case .diversion: "Diversion"
    case .errorInfo: "Error-Info"
    case .historyInfo: "History-Info"
    case .inReplyTo: "In-Reply-To"
    case .pAssertedIdentity: "P-Asserted-Identity"
    case .pPreferredIdentity: "P-Preferred-Identity"
    case .path: "Path"
    case .privacy: "Privacy"
    case .reason: "Reason"
    case .rejectContact: "Reject-Contact"
    case .requestDisposition: "Request-Disposition"
    case .serviceRoute: "Service-Route"
    case .userToUser: "User-to-User"
    case .warning: "Warning"
    case .other: ""
    }
  }

  /// Recognises a name in any letter case, long or compact.
  init(_ octets: UnsafeRawBufferPointer, _ range: Range<Int>) {
    guard let start = octets.baseAddress?.advanced(by: range.lowerBound), range.count <= 20 else {
      self = .other
      return
    }
    if range.count == 1 {
      self = FieldName.compact(octets[range.lowerBound])
      return
    }
    self =
      range.count < 12
      ? FieldName.shortCandidate(start, range.count) : FieldName.longCandidate(start, range.count)
    if self != .other, !FieldName.matches(start, range.count, name) { self = .other }
  }

  private static func compact(_ letter: UInt8) -> FieldName {
    switch letter | 0x20 {
    case UInt8(ascii: "a"): .acceptContact
    case UInt8(ascii: "b"): .referredBy
    case UInt8(ascii: "c"): .contentType
    case UInt8(ascii: "d"): .requestDisposition
    case UInt8(ascii: "e"): .contentEncoding
    case UInt8(ascii: "f"): .from
    case UInt8(ascii: "i"): .callID
    case UInt8(ascii: "j"): .rejectContact
    case UInt8(ascii: "k"): .supported
    case UInt8(ascii: "l"): .contentLength
    case UInt8(ascii: "m"): .contact
    case UInt8(ascii: "o"): .event
    case UInt8(ascii: "r"): .referTo
    case UInt8(ascii: "s"): .subject
    case UInt8(ascii: "t"): .to
    case UInt8(ascii: "u"): .allowEvents
    case UInt8(ascii: "v"): .via
    case UInt8(ascii: "x"): .sessionExpires
    case UInt8(ascii: "y"): .identity
    default: .other
    }
  }

  /// The only name of that length that begins so and (where two would) differs at the octet looked at.
  private static func shortCandidate(_ start: UnsafeRawPointer, _ count: Int) -> FieldName {
    func letter(_ offset: Int) -> UInt8 {
      start.load(fromByteOffset: offset, as: UInt8.self) | 0x20
    }
    switch (count, letter(0)) {
    case (2, UInt8(ascii: "t")): return .to
    case (3, UInt8(ascii: "v")): return .via
    case (4, UInt8(ascii: "c")): return .cseq
    case (4, UInt8(ascii: "d")): return .date
    case (4, UInt8(ascii: "f")): return .from
    case (4, UInt8(ascii: "p")): return .path
    case (4, UInt8(ascii: "r")):
      switch letter(1) {
      case UInt8(ascii: "a"): return .rack
      default: return .rseq
      }
    case (5, UInt8(ascii: "a")): return .allow
    case (5, UInt8(ascii: "e")): return .event
    case (5, UInt8(ascii: "r")): return .route
    case (6, UInt8(ascii: "a")): return .accept
    case (6, UInt8(ascii: "m")): return .minSE
    case (6, UInt8(ascii: "r")): return .reason
    case (6, UInt8(ascii: "s")): return .server
    case (7, UInt8(ascii: "c")):
      switch letter(1) {
      case UInt8(ascii: "a"): return .callID
      default: return .contact
      }
    case (7, UInt8(ascii: "e")): return .expires
    case (7, UInt8(ascii: "p")): return .privacy
    case (7, UInt8(ascii: "r")): return .require
    case (7, UInt8(ascii: "s")): return .subject
    case (7, UInt8(ascii: "w")): return .warning
    case (8, UInt8(ascii: "i")): return .identity
    case (8, UInt8(ascii: "p")): return .priority
    case (8, UInt8(ascii: "r")):
      switch letter(4) {
      case UInt8(ascii: "r"): return .referTo
      case UInt8(ascii: "a"): return .replaces
      default: return .replyTo
      }
    case (9, UInt8(ascii: "c")): return .callInfo
    case (9, UInt8(ascii: "d")): return .diversion
    case (9, UInt8(ascii: "s")): return .supported
    case (9, UInt8(ascii: "t")): return .timestamp
    case (10, UInt8(ascii: "a")): return .alertInfo
    case (10, UInt8(ascii: "e")): return .errorInfo
    case (10, UInt8(ascii: "r")): return .trail
    case (10, UInt8(ascii: "u")): return .userAgent
    case (11, UInt8(ascii: "i")): return .inReplyTo
    case (11, UInt8(ascii: "m")):
      switch letter(1) {
      case UInt8(ascii: "a"): return .maxBreadth
      default: return .minExpires
      }
    case (11, UInt8(ascii: "r")):
      switch letter(2) {
      case UInt8(ascii: "f"): return .referredBy
      default: return .retryAfter
      }
    case (11, UInt8(ascii: "u")): return .unsupported
    default: return .other
    }
  }

  private static func longCandidate(_ start: UnsafeRawPointer, _ count: Int) -> FieldName {
    func letter(_ offset: Int) -> UInt8 {
      start.load(fromByteOffset: offset, as: UInt8.self) | 0x20
    }
    switch (count, letter(0)) {
    case (12, UInt8(ascii: "a")): return .allowEvents
    case (12, UInt8(ascii: "c")): return .contentType
    case (12, UInt8(ascii: "h")): return .historyInfo
    case (12, UInt8(ascii: "m")):
      switch letter(1) {
      case UInt8(ascii: "a"): return .maxForwards
      default: return .mimeVersion
      }
    case (12, UInt8(ascii: "o")): return .organization
    case (12, UInt8(ascii: "r")): return .recordRoute
    case (12, UInt8(ascii: "u")): return .userToUser
    case (13, UInt8(ascii: "a")): return .authorization
    case (13, UInt8(ascii: "p")): return .proxyRequire
    case (13, UInt8(ascii: "s")): return .serviceRoute
    case (14, UInt8(ascii: "a")): return .acceptContact
    case (14, UInt8(ascii: "c")): return .contentLength
    case (14, UInt8(ascii: "r")): return .rejectContact
    case (15, UInt8(ascii: "a")):
      switch letter(7) {
      case UInt8(ascii: "e"): return .acceptEncoding
      default: return .acceptLanguage
      }
    case (15, UInt8(ascii: "s")): return .sessionExpires
    case (16, UInt8(ascii: "c")):
      switch letter(8) {
      case UInt8(ascii: "e"): return .contentEncoding
      default: return .contentLanguage
      }
    case (16, UInt8(ascii: "w")): return .wwwAuthenticate
    case (18, UInt8(ascii: "p")): return .proxyAuthenticate
    case (18, UInt8(ascii: "s")): return .subscriptionState
    case (19, UInt8(ascii: "a")): return .authenticationInfo
    case (19, UInt8(ascii: "c")): return .contentDisposition
    case (19, UInt8(ascii: "p")):
      switch letter(1) {
      case UInt8(ascii: "r"): return .proxyAuthorization
      default: return .pAssertedIdentity
      }
    case (19, UInt8(ascii: "r")): return .requestDisposition
    case (20, UInt8(ascii: "p")): return .pPreferredIdentity
    default: return .other
    }
  }

  /// Same octets but for letter case, eight at a time. Setting 0x20 folds letters; the one token octet it
  /// could confuse with another (CR with `-`) is not a token octet.
  private static func matches(
    _ start: UnsafeRawPointer, _ count: Int, _ name: StaticString
  ) -> Bool {
    let wanted = UnsafeRawPointer(name.utf8Start)
    if count >= 8 {
      let fold: UInt64 = 0x2020_2020_2020_2020
      var offset = 0
      while true {
        let theirs = start.loadUnaligned(fromByteOffset: offset, as: UInt64.self) | fold
        let ours = wanted.loadUnaligned(fromByteOffset: offset, as: UInt64.self) | fold
        guard theirs == ours else { return false }
        if offset == count - 8 { return true }
        offset = min(offset + 8, count - 8)
      }
    }
    for offset in 0..<count {
      let theirs = start.load(fromByteOffset: offset, as: UInt8.self) | 0x20
      guard theirs == wanted.load(fromByteOffset: offset, as: UInt8.self) | 0x20 else {
        return false
      }
    }
    return true
  }
}
