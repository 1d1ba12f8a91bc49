/// One NAPTR record without a regular expression (RFC 3403 §4.1): those with one are of no use to SIP (RFC 3263 §4.1).
package struct PointerRecord: Hashable, Sendable {
  package var order: UInt16
  package var preference: UInt16
  package var flags: [UInt8]
  package var service: [UInt8]
  /// The name to be asked about next.
  package var replacement: [UInt8]

  package init(
    order: UInt16, preference: UInt16, flags: [UInt8], service: [UInt8], replacement: [UInt8]
  ) {
    self.order = order
    self.preference = preference
    self.flags = flags
    self.service = service
    self.replacement = replacement
  }
}
