/// How secured connections came about.
package struct HandshakeCounters: Sendable {
  package var done: UInt64 = 0
  /// Of them, those that went on with an earlier session.
  package var resumed: UInt64 = 0
  package var failed: UInt64 = 0
}
