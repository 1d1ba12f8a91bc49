import COsip

/// Octets of the wire seen through a pointer: what the splitter is made of. Every index handed in is one the
/// caller has just compared with the end; nothing here reads past it.
extension UnsafeRawBufferPointer {
  /// Exactly these octets?
  @inline(__always)
  func equals(_ text: StaticString, _ range: Range<Int>) -> Bool {
    guard range.count == text.utf8CodeUnitCount, let base = baseAddress else { return false }
    return memcmp(base + range.lowerBound, text.utf8Start, range.count) == 0
  }

  /// These octets in any letter case? `text` is lower case.
  func equalsIgnoringCase(_ text: StaticString, _ range: Range<Int>) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    let wanted = text.utf8Start
    for offset in 0..<range.count {
      guard self[range.lowerBound + offset].lowercased == wanted[offset] else { return false }
    }
    return true
  }

  /// The first `octet` at or after `start` and before `end`.
  @inline(__always)
  func first(_ octet: UInt8, from start: Int, to end: Int) -> Int? {
    guard start < end, let base = baseAddress else { return nil }
    guard let found = memchr(base + start, Int32(octet), end - start) else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// `start`, moved over blanks and tabs.
  @inline(__always)
  func skipBlanks(from start: Int, to end: Int) -> Int {
    var position = start
    while position < end, self[position].isBlank { position += 1 }
    return position
  }

  /// `end`, moved back over blanks and tabs.
  @inline(__always)
  func trimBlanks(from start: Int, to end: Int) -> Int {
    var position = end
    while position > start, self[position - 1].isBlank { position -= 1 }
    return position
  }

  /// The position after the closing quote of the quoted string that opens at `start`; nil when it never closes
  /// (RFC 4475 §3.1.2.6: the search ends with the header).
  func endOfQuoted(from start: Int, to end: Int) -> Int? {
    var position = start + 1
    while position < end {
      switch self[position] {
      case UInt8(ascii: "\""): return position + 1
      case UInt8(ascii: "\\"): position += 2
      default: position += 1
      }
    }
    return nil
  }

  /// A number of digits only, at least one. Too large for 64 bits is `UInt64.max`, never a wrapped value
  /// (failures P5).
  func number(_ range: Range<Int>) -> UInt64? {
    guard !range.isEmpty else { return nil }
    var value: UInt64 = 0
    for position in range {
      let digit = self[position] &- 48
      guard digit < 10 else { return nil }
      let (tens, carried) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowed) = tens.addingReportingOverflow(UInt64(digit))
      value = carried || overflowed ? .max : sum
    }
    return value
  }

  /// Nothing but octets a token may have (RFC 3261 §25.1), and at least one.
  func isToken(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return false }
    for position in range where !self[position].isTokenOctet { return false }
    return true
  }
}

extension ArraySlice where Element == UInt8 {
  /// These octets in any letter case? `text` is lower case.
  public func equalsIgnoringCase(_ text: StaticString) -> Bool {
    withUnsafeBytes { $0.equalsIgnoringCase(text, 0..<$0.count) }
  }
}
