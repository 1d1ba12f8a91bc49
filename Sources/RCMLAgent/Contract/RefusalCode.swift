/// The catalogue numbers of refused commands; negated they are the `RCML_E_…` of `rcml.h`.
public enum RefusalCode {
  /// A value out of its range.
  public static let argument: Int32 = 1
  /// The call or request has ended.
  public static let gone: Int32 = 3
  /// Not now: the call is in another state.
  public static let state: Int32 = 4
  /// No such setting, or a value it cannot have.
  public static let setting: Int32 = 7
  /// A party that cannot be read.
  public static let uri: Int32 = 9
  /// The agent takes no new calls.
  public static let closed: Int32 = 12
}
