extension Reason {
  /// A final response to an INVITE. `place`: who was asked; `phrase`: as it came from the network.
  public static func refused(
    _ status: UInt16, _ phrase: [UInt8] = [], by place: String, as code: ReasonCode? = nil
  ) -> Reason {
    let code = code ?? ReasonCode(refusal: status)
    let said = phrase.isEmpty ? "\(status)" : "\(status) \(shown(phrase))"
    var sentence = "\(place.isEmpty ? "The called party" : place) answered \(said)"
    let more = code.remark
    if !more.isEmpty { sentence += ": " + more }
    return Reason(code, sentence + ".", sipStatus: status)
  }

  /// What can be printed of it, and not too much of that.
  private static func shown(_ phrase: [UInt8]) -> String {
    let text = String(decoding: phrase.prefix(80), as: UTF8.self)
    return String(
      text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : Character($0) })
  }
}

extension ReasonCode {
  /// What a final response to an INVITE means (RFC 3261 §21).
  public init(refusal status: UInt16) {
    switch status {
    case 486, 600: self = .busy
    case 603, 607, 608: self = .declined
    case 404, 410, 484, 485, 604: self = .unknownParty
    case 408, 480, 487: self = .notAvailable
    case 401, 407: self = .noCredentials
    case 482, 483: self = .loopDetected
    case 440: self = .breadthLimit
    case 488, 606, 415: self = .mediaNotAcceptable
    case 300..<400: self = .uselessRedirect
    case 500..<600: self = .serverError
    default: self = .refusedRequest  // numbers, not cases
    }
  }

  /// What a web server's answer means that is none.
  public init(webStatus status: UInt16) {
    switch status {
    case 404, 410: self = .webNotFound
    case 300..<400: self = .webRedirectUseless
    case 500...: self = .webServerError
    default: self = .webRefused  // numbers, not cases
    }
  }

  /// What people may not know of a response.
  fileprivate var remark: String {
    switch self {
    case .noCredentials: "it wants a user name and password, and there are none for it"
    case .wrongPassword: "it does not take the user name and password"
    case .uselessChallenge: "it asks for credentials in a way that nobody here knows"
    case .uselessRedirect: "none of the places it points to can be called"
    case .redirectNotFollowed: "redirects are not followed (setting follow_redirects)"
    case .redirectLoop: "it points to where the call has been already, or too often"
    case .loopDetected: "the call goes in a circle"
    case .mediaNotAcceptable: "it cannot do what was offered"
    case .targetDenied: "the host does not allow to call where it points"
    default: ""
    }
  }
}
