/// A Say, Play, Gather or Record under way, numbered from 0 over the life of the call.
public struct PerformanceNumber: Hashable, Sendable {
  public var number: UInt32
  public init(_ number: UInt32) { self.number = number }
}
