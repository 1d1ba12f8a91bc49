/// One SRV record (RFC 2782).
package struct ServiceRecord: Hashable, Sendable {
  package var priority: UInt16
  package var weight: UInt16
  package var port: UInt16
  /// Empty: the root, "there is no such service here".
  package var target: [UInt8]

  package init(priority: UInt16, weight: UInt16, port: UInt16, target: [UInt8]) {
    self.priority = priority
    self.weight = weight
    self.port = port
    self.target = target
  }
}
