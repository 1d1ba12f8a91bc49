/// Who ended it (spec P-27).
package enum HangupSide: String, Hashable, Sendable {
  case caller, callee, engine, host
}
