/// The lines of a session description as ranges: `type=value`, ended by CRLF or by LF alone (RFC 4566 §5 asks
/// parsers to take both).
struct SDPLines {
  struct Line {
    var type: UInt8
    /// Behind the equals sign, without the line end.
    var value: Range<Int>
    /// With the line end.
    var whole: Range<Int>
    /// The m-line it belongs to, from 0; nil = the session part.
    var media: Int?
  }

  private(set) var lines: [Line] = []
  private(set) var mediaCount = 0

  /// nil when a line is not of that form or a control octet stands in one.
  init?(_ octets: UnsafeRawBufferPointer) {
    var position = 0
    while position < octets.count {
      let lineEnd = octets.first(10, from: position, to: octets.count) ?? octets.count
      var end = lineEnd
      if end > position, octets[end - 1] == 13 { end -= 1 }
      let next = min(lineEnd + 1, octets.count)
      if end == position, octets.isOnlyLineEnds(from: position) { return }
      guard end >= position + 2, octets[position + 1] == UInt8(ascii: "="),
        octets[position].lowercased &- 97 < 26
      else { return nil }
      for offset in position..<end where octets[offset] < 32 && octets[offset] != 9 { return nil }
      let type = octets[position]
      if type == UInt8(ascii: "m") { mediaCount += 1 }
      lines.append(
        Line(
          type: type, value: position + 2..<end, whole: position..<next,
          media: mediaCount == 0 ? nil : mediaCount - 1))
      position = next
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Empty lines at the end are forgiven.
  func isOnlyLineEnds(from start: Int) -> Bool {
    self[start...].allSatisfy { $0 == 13 || $0 == 10 }
  }

  /// The words of a range, divided by blanks.
  func words(_ range: Range<Int>, limit: Int) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var position = skipBlanks(from: range.lowerBound, to: range.upperBound)
    while position < range.upperBound, words.count < limit {
      let start = position
      while position < range.upperBound, !self[position].isBlank { position += 1 }
      words.append(start..<position)
      position = skipBlanks(from: position, to: range.upperBound)
    }
    return words
  }
}
