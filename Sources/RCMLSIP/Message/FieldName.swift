/// The header fields this library knows by name (RFC 3261 §20 and the extensions it meets), each also by its
/// compact form (§7.3.3). The first ones may stand only once in a message: a second makes it malformed, since two
/// readers could disagree on which counts (failures P3).
public enum FieldName: UInt8, Hashable, Sendable, CaseIterable {
  // Once in a message.
  case callID, cseq, from, to, maxForwards, maxBreadth, contentLength, contentType
  case contentDisposition, date, event, expires, identity, minExpires, minSE, mimeVersion,
    organization, priority, rack
  case referTo, referredBy, replaces, replyTo, retryAfter, rseq, server, sessionExpires, subject
  case subscriptionState, timestamp, userAgent
  // As often as the sender likes.
  case via, contact, trail, route, recordRoute, require, proxyRequire, supported, unsupported, allow
  case allowEvents, accept, acceptContact, acceptEncoding, acceptLanguage, alertInfo
  case authenticationInfo, authorization, proxyAuthorization, wwwAuthenticate, proxyAuthenticate
  case callInfo, contentEncoding, contentLanguage, diversion, errorInfo, historyInfo, inReplyTo
  case pAssertedIdentity, pPreferredIdentity, path, privacy, reason, rejectContact
  case requestDisposition, serviceRoute, userToUser, warning
  /// Any other: `Field.nameRange` has its octets.
  case other

  /// May it stand in a message only once?
  public var isSingle: Bool { rawValue <= FieldName.userAgent.rawValue }

  /// Is a value of it, by its grammar, a list that commas divide? Fields with free text or dates are not.
  public var isList: Bool {
    switch self {
    case .via, .contact, .trail, .route, .recordRoute, .require, .proxyRequire, .supported,
      .unsupported, .allow, .allowEvents, .accept, .acceptContact, .acceptEncoding,
      .acceptLanguage, .alertInfo, .callInfo, .contentEncoding, .contentLanguage, .diversion,
      .errorInfo, .historyInfo, .inReplyTo, .pAssertedIdentity, .pPreferredIdentity, .path,
      .reason, .rejectContact, .requestDisposition, .serviceRoute, .userToUser, .warning:
      true
    case .callID, .cseq, .from, .to, .maxForwards, .maxBreadth, .contentLength, .contentType,
      .contentDisposition, .date, .event, .expires, .identity, .minExpires, .minSE,
      .mimeVersion, .organization, .priority, .rack, .referTo, .referredBy, .replaces,
      .replyTo, .retryAfter, .rseq, .server, .sessionExpires, .subject, .subscriptionState,
      .timestamp, .userAgent, .authenticationInfo, .authorization, .proxyAuthorization,
      .wwwAuthenticate, .proxyAuthenticate, .privacy, .other:
      false
    }
  }
}
