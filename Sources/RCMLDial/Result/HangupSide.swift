/// Who ended it (spec P-27).
public enum HangupSide: String, Hashable, Sendable {
  case caller, callee, engine, host
}
