/// A socket we listen on. Given by whoever opens it.
package struct ListenerID: Hashable, Sendable {
  package var number: UInt32
  package init(_ number: UInt32) { self.number = number }
}

/// A stream connection. Those we open have even numbers and are numbered by the core; those we accepted have
/// odd numbers and are numbered by the reactor. Never reused.
package struct ConnectionID: Hashable, Sendable {
  package var number: UInt64
  package init(_ number: UInt64) { self.number = number }
}

/// A name being looked up.
package struct ResolutionID: Hashable, Sendable {
  package var number: UInt64
  package init(_ number: UInt64) { self.number = number }
}

/// An HTTP exchange under way.
package struct ExchangeID: Hashable, Sendable {
  package var number: UInt64
  package init(_ number: UInt64) { self.number = number }
}

/// A call as the host names it: never reused, so a stale one is recognised.
package struct CallNumber: Hashable, Sendable {
  package var number: UInt64
  package init(_ number: UInt64) { self.number = number }
}

/// One child leg of a call, numbered from 0 over the life of the call.
package struct LegNumber: Hashable, Comparable, Sendable {
  package var number: UInt32
  package init(_ number: UInt32) { self.number = number }
  /// As people count, and as ids and outcomes do: the first party of a call is leg 1, and the caller is no leg.
  package var ordinal: UInt32 { number &+ 1 }
  /// `leg 1`: what every text calls it.
  package var name: String { "leg \(ordinal)" }
  package static func < (a: LegNumber, b: LegNumber) -> Bool { a.number < b.number }
}
