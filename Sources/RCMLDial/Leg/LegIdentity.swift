import RCMLDocument

/// Who a leg's INVITE says is calling (spec U-2, U-3).
public struct LegIdentity: Hashable, Sendable {
  /// Empty = none.
  public var displayName: String
  /// Without brackets, parameters and headers.
  public var uri: String
  /// The INVITE carries `Privacy: id`.
  public var isPrivate: Bool
  /// Its user part, where `uri` was made of this and a domain, and nothing else; nil = it came from elsewhere.
  private(set) var user: String?

  public init(displayName: String, uri: String, isPrivate: Bool = false) {
    self.displayName = displayName
    self.uri = uri
    self.isPrivate = isPrivate
  }

  public static let anonymous = LegIdentity(
    displayName: "Anonymous", uri: "sip:anonymous@anonymous.invalid", isPrivate: true)

  /// What `callerID` makes of `caller`.
  public init(_ callerID: CallerID, of caller: CallMachine.Caller) {
    switch callerID {
    case .ofCaller where caller.isPrivate, .anonymous:
      self = .anonymous
    case .ofCaller:
      var uri = "sip:"
      uri.reserveCapacity(5 + caller.user.utf8.count + caller.localDomain.utf8.count)
      if !caller.user.isEmpty {
        uri += caller.user
        uri += "@"
      }
      uri += caller.localDomain
      self.init(displayName: caller.callerName, uri: uri)
      user = caller.user
    case .token(let token):
      self.init(displayName: token, uri: "sip:\(token)@\(caller.localDomain)")
    case .uri(let uri, let displayName):
      self.init(displayName: displayName, uri: uri)
    }
  }
}
