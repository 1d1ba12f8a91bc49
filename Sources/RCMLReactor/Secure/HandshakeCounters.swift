/// How secured connections came about.
public struct HandshakeCounters: Sendable {
  public var done: UInt64 = 0
  /// Of them, those that went on with an earlier session.
  public var resumed: UInt64 = 0
  public var failed: UInt64 = 0
}
