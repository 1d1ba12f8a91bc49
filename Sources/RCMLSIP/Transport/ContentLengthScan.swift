import COsip
import RCMLBasics

/// The one header field a stream cannot be cut without.
enum ContentLengthScan {
  enum Length: Equatable {
    case missing
    /// No number, or two fields: where the body ends is anybody's guess (failures P3, P4).
    case bad
    case octets(UInt64)
  }

  /// `octets` is a header up to and including its empty line.
  static func read(_ octets: UnsafeRawBufferPointer) -> Length {
    var found = Length.missing
    var position = octets.first(10, from: 0, to: octets.count).map { $0 + 1 } ?? octets.count
    while let lineEnd = octets.first(10, from: position, to: octets.count) {
      var valueEnd = lineEnd
      // A folded line belongs to the one before.
      while valueEnd + 1 < octets.count, octets[valueEnd + 1].isBlank,
        let next = octets.first(10, from: valueEnd + 1, to: octets.count)
      { valueEnd = next }
      if let colon = octets.first(UInt8(ascii: ":"), from: position, to: valueEnd) {
        let name = position..<blankEnd(octets, position, colon)
        if FieldName(octets, name) == .contentLength {
          guard found == .missing, let count = number(octets, colon + 1, valueEnd) else {
            return .bad
          }
          found = .octets(count)
        }
      }
      position = valueEnd + 1
    }
    return found
  }

  private static func blankEnd(
    _ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> Int {
    var position = end
    while position > start, octets[position - 1] <= 32 { position -= 1 }
    return position
  }

  private static func number(
    _ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> UInt64? {
    var first = start
    while first < end, octets[first] <= 32 { first += 1 }
    return octets.number(first..<blankEnd(octets, first, end))
  }
}
