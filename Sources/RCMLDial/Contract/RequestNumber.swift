/// A document request of one call, numbered from 0.
public struct RequestNumber: Hashable, Sendable {
  public var number: UInt32
  public init(_ number: UInt32) { self.number = number }
}
