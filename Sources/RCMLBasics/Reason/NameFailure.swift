/// Why a name leads nowhere.
public enum NameFailure: UInt8, Hashable, Sendable, CaseIterable {
  /// There is no such name.
  case unknown
  /// There is one, without what was asked for.
  case empty
  /// Nobody answered.
  case silent
  /// The name server refuses, or is broken; or nobody here can ask.
  case other

  public var code: ReasonCode {
    switch self {
    case .unknown: .nameUnknown
    case .empty: .nameWithoutAddress
    case .silent: .nameServerSilent
    case .other: .nameServerFailed
    }
  }
}
