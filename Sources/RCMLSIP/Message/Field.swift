/// One header line, as two ranges into the octets of its message: no copies.
package struct Field: Hashable, Sendable {
  package let name: FieldName
  private let nameStart: UInt32
  private let nameEnd: UInt32
  private let valueStart: UInt32
  private let valueEnd: UInt32

  init(_ name: FieldName, name nameRange: Range<Int>, value: Range<Int>) {
    self.name = name
    nameStart = UInt32(truncatingIfNeeded: nameRange.lowerBound)
    nameEnd = UInt32(truncatingIfNeeded: nameRange.upperBound)
    valueStart = UInt32(truncatingIfNeeded: value.lowerBound)
    valueEnd = UInt32(truncatingIfNeeded: value.upperBound)
  }

  /// Without the colon and the blanks before it.
  package var nameRange: Range<Int> { Int(nameStart)..<Int(nameEnd) }
  /// Without the blanks on both sides.
  package var valueRange: Range<Int> { Int(valueStart)..<Int(valueEnd) }
}
