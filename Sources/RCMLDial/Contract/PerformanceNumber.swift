/// A Say, Play, Gather or Record under way, numbered from 0 over the life of the call.
package struct PerformanceNumber: Hashable, Sendable {
  package var number: UInt32
  package init(_ number: UInt32) { self.number = number }
}
