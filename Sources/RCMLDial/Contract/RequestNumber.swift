/// A document request of one call, numbered from 0.
package struct RequestNumber: Hashable, Sendable {
  package var number: UInt32
  package init(_ number: UInt32) { self.number = number }
}
