import RCMLBasics

/// A party of a call: its caller, or one of its legs.
public enum Party: Hashable, Sendable {
  case caller
  case leg(LegNumber)
}
