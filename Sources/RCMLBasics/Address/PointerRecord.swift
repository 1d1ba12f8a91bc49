/// One NAPTR record without a regular expression (RFC 3403 §4.1): those with one are of no use to SIP (RFC 3263 §4.1).
public struct PointerRecord: Hashable, Sendable {
  public var order: UInt16
  public var preference: UInt16
  public var flags: [UInt8]
  public var service: [UInt8]
  /// The name to be asked about next.
  public var replacement: [UInt8]

  public init(
    order: UInt16, preference: UInt16, flags: [UInt8], service: [UInt8], replacement: [UInt8]
  ) {
    self.order = order
    self.preference = preference
    self.flags = flags
    self.service = service
    self.replacement = replacement
  }
}
