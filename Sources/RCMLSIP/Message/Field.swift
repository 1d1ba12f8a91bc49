/// One header line, as two ranges into the octets of its message: no copies.
public struct Field: Hashable, Sendable {
  public let name: FieldName
  // A header is at most 16 KB, and a datagram less than 64 KB.
  private let nameStart: UInt16
  private let nameEnd: UInt16
  private let valueStart: UInt16
  private let valueEnd: UInt16

  init(_ name: FieldName, name nameRange: Range<Int>, value: Range<Int>) {
    self.name = name
    nameStart = UInt16(clamping: nameRange.lowerBound)
    nameEnd = UInt16(clamping: nameRange.upperBound)
    valueStart = UInt16(clamping: value.lowerBound)
    valueEnd = UInt16(clamping: value.upperBound)
  }

  /// Without the colon and the blanks before it.
  public var nameRange: Range<Int> { Int(nameStart)..<Int(nameEnd) }
  /// Without the blanks on both sides.
  public var valueRange: Range<Int> { Int(valueStart)..<Int(valueEnd) }
}
