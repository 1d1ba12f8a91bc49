/// Walks `;name=value` lists as they follow an address or a Via (RFC 3261 §25.1, generic-param).
struct ParameterScan {
  let octets: UnsafeRawBufferPointer
  let end: Int
  /// Where the walk stands; after the last parameter, at a comma or at `end`.
  private(set) var position: Int
  /// Something that no parameter list may have, an empty parameter among them (RFC 4475 §3.1.2.1).
  private(set) var isBroken = false

  struct Parameter {
    var name: Range<Int>
    /// Empty when there is none; a quoted value has its quotes.
    var value: Range<Int>
    /// From the semicolon on.
    var whole: Range<Int>
  }

  init(_ octets: UnsafeRawBufferPointer, from start: Int, to end: Int) {
    self.octets = octets
    self.end = end
    position = start
  }

  mutating func next() -> Parameter? {
    let semicolon = octets.skipBlanks(from: position, to: end)
    position = semicolon
    guard semicolon < end, octets[semicolon] != UInt8(ascii: ",") else { return nil }
    guard octets[semicolon] == UInt8(ascii: ";") else { return broken() }
    let start = octets.skipBlanks(from: semicolon + 1, to: end)
    var cursor = start
    while cursor < end, octets[cursor].isTokenOctet { cursor += 1 }
    guard cursor > start else { return broken() }
    let name = start..<cursor
    let nameEnd = cursor
    cursor = octets.skipBlanks(from: cursor, to: end)
    guard cursor < end, octets[cursor] == UInt8(ascii: "=") else {
      position = nameEnd
      return Parameter(name: name, value: nameEnd..<nameEnd, whole: semicolon..<nameEnd)
    }
    cursor = octets.skipBlanks(from: cursor + 1, to: end)
    guard let value = valueRange(from: cursor) else { return broken() }
    position = value.upperBound
    return Parameter(name: name, value: value, whole: semicolon..<value.upperBound)
  }

  private func valueRange(from start: Int) -> Range<Int>? {
    if start < end, octets[start] == UInt8(ascii: "\"") {
      return octets.endOfQuoted(from: start, to: end).map { start..<$0 }
    }
    var cursor = start
    loop: while cursor < end {
      switch octets[cursor] {
      case UInt8(ascii: ";"), UInt8(ascii: ","), 32, 9: break loop
      case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"): return nil
      default: cursor += 1
      }
    }
    return cursor > start ? start..<cursor : nil
  }

  private mutating func broken() -> Parameter? {
    isBroken = true
    position = end
    return nil
  }
}
