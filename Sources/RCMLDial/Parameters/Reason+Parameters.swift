import RCMLBasics

extension Reason {
  /// What a request says of an error (spec E-9).
  public var parameters: [Parameter] {
    [Parameter("ErrorCode", "\(code.rawValue)"), Parameter("ErrorMessage", sentence)]
  }
}
