/// One INVITE session of ours, in either direction. Never reused.
package struct SessionID: Hashable, Sendable {
  package var number: UInt64
  package init(_ number: UInt64) { self.number = number }
}
