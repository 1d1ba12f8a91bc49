/// One SRV record (RFC 2782).
public struct ServiceRecord: Hashable, Sendable {
  public var priority: UInt16
  public var weight: UInt16
  public var port: UInt16
  /// Empty: the root, "there is no such service here".
  public var target: [UInt8]

  public init(priority: UInt16, weight: UInt16, port: UInt16, target: [UInt8]) {
    self.priority = priority
    self.weight = weight
    self.port = port
    self.target = target
  }
}
