/// The catalogue numbers of refused commands; negated they are the `RCML_E_…` of `rcml.h`.
package enum RefusalCode {
  /// A value out of its range.
  package static let argument: Int32 = 1
  /// The call or request has ended.
  package static let gone: Int32 = 3
  /// Not now: the call is in another state.
  package static let state: Int32 = 4
  /// No such setting, or a value it cannot have.
  package static let setting: Int32 = 7
  /// A party that cannot be read.
  package static let uri: Int32 = 9
  /// The agent takes no new calls.
  package static let closed: Int32 = 12
}
