/// A socket we listen on. Given by whoever opens it.
public struct ListenerID: Hashable, Sendable {
  public var number: UInt32
  public init(_ number: UInt32) { self.number = number }
}

/// A stream connection. Those we open have even numbers and are numbered by the core; those we accepted have
/// odd numbers and are numbered by the reactor. Never reused.
public struct ConnectionID: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// A name being looked up.
public struct ResolutionID: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// An HTTP exchange under way.
public struct ExchangeID: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// A call as the host names it: never reused, so a stale one is recognised.
public struct CallNumber: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// One child leg of a call, numbered from 0 over the life of the call.
public struct LegNumber: Hashable, Comparable, Sendable {
  public var number: UInt32
  public init(_ number: UInt32) { self.number = number }
  /// As people count, and as ids and outcomes do: the first party of a call is leg 1, and the caller is no leg.
  public var ordinal: UInt32 { number &+ 1 }
  /// `leg 1`: what every text calls it.
  public var name: String { "leg \(ordinal)" }
  public static func < (a: LegNumber, b: LegNumber) -> Bool { a.number < b.number }
}
