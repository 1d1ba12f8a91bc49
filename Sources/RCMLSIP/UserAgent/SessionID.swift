/// One INVITE session of ours, in either direction. Never reused.
public struct SessionID: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
}
