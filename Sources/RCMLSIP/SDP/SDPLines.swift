/// The lines of a session description as ranges: `type=value`, ended by CRLF or by LF alone (RFC 4566 §5 asks
/// parsers to take both).
struct SDPLines {
  /// Eight octets a line, because a description keeps them as long as it lives.
  struct Line {
    var type: UInt8
    fileprivate var stream: UInt8
    fileprivate var start: UInt16
    fileprivate var valueEnd: UInt16
    fileprivate var end: UInt16

    /// Behind the equals sign, without the line end.
    var value: Range<Int> { Int(start) + 2..<Int(valueEnd) }
    /// With the line end.
    var whole: Range<Int> { Int(start)..<Int(end) }
    /// The m-line it belongs to, from 0; nil = the session part.
    var media: Int? { stream == Line.session ? nil : Int(stream) }

    fileprivate static let session = UInt8.max
  }

  private(set) var lines: [Line] = []
  private(set) var mediaCount = 0

  /// None.
  init() {}

  /// nil when a line is not of that form, a control octet stands in one, or there is more than can be counted.
  init?(_ octets: UnsafeRawBufferPointer) {
    guard octets.count <= Int(UInt16.max) else { return nil }
    lines.reserveCapacity(16)
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
      guard octets.mayBeLine(from: position, to: end) else { return nil }
      let type = octets[position]
      if type == UInt8(ascii: "m") { mediaCount += 1 }
      guard mediaCount <= Int(Line.session) else { return nil }
      lines.append(
        Line(
          type: type, stream: mediaCount == 0 ? Line.session : UInt8(mediaCount - 1),
          start: UInt16(position), valueEnd: UInt16(end), end: UInt16(next)))
      position = next
    }
  }
}

extension UnsafeRawBufferPointer {
  /// No control octet but the tab and DEL.
  fileprivate func mayBeLine(from start: Int, to end: Int) -> Bool {
    guard mayHaveControl(from: start, to: end) else { return true }
    return self[start..<end].allSatisfy { $0 >= 32 || $0 == 9 }
  }

  /// Empty lines at the end are forgiven.
  func isOnlyLineEnds(from start: Int) -> Bool {
    self[start...].allSatisfy { $0 == 13 || $0 == 10 }
  }

  /// How many words there are, divided by blanks.
  func countWords(from start: Int, to end: Int) -> Int {
    var position = start
    var count = 0
    while nextWord(&position, end) != nil { count += 1 }
    return count
  }

  /// The word at or after `position`, which is moved behind it; nil = there is none before `end`.
  func nextWord(_ position: inout Int, _ end: Int) -> Range<Int>? {
    let start = skipBlanks(from: position, to: end)
    position = start
    while position < end, !self[position].isBlank { position += 1 }
    return start < position ? start..<position : nil
  }
}
