/// What a digest protects (RFC 7616 §3.3).
public enum QualityOfProtection: UInt8, Hashable, Sendable {
  /// The challenge says nothing: the form of RFC 2069.
  case none
  /// Method and URI.
  case auth
  /// The body too.
  case authInt

  var name: StaticString {
    switch self {
    case .none: ""
    case .auth: "auth"
    case .authInt: "auth-int"
    }
  }
}
