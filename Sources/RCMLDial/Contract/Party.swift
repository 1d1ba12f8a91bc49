import RCMLBasics

/// A side of the call.
package enum Party: Hashable, Sendable {
  case caller
  case leg(LegNumber)
}
