import COsip
import RCMLBasics

/// One pass over the octets of a message.
struct Splitter {
  var parts = MessageParts()

  /// True when a folded line was met: the caller unfolds and starts again.
  mutating func split(_ octets: UnsafeRawBufferPointer, over transport: Transport) -> Bool {
    let end = octets.count
    guard let lineEnd = octets.first(10, from: 0, to: end),
      octets.first(13, from: 0, to: lineEnd) == lineEnd - 1
    else {
      parts.isRequest = false
      parts.fail("No Line Ends", code: 0)
      return false
    }
    readStartLine(octets, lineEnd - 1)
    parts.fields.reserveCapacity(24)
    var position = lineEnd + 1
    while true {
      guard let next = octets.first(10, from: position, to: end) else {
        parts.fail("Header Without End")
        break
      }
      guard octets.first(13, from: position, to: next) == next - 1 else {
        parts.fail("Bad Line End")
        break
      }
      if next - 1 == position {
        position = next + 1
        break
      }
      if next + 1 < end, octets[next + 1].isBlank { return true }
      readField(octets, position, next - 1)
      position = next + 1
      guard parts.fields.count <= MessageReader.fieldLimit, position <= MessageReader.headLimit
      else {
        parts.fail("Header Too Long")
        break
      }
    }
    if Splitter.controlOctet(octets, 0, position) != nil, parts.fault == nil,
      !Splitter.areControlsQuoted(octets, to: position)
    {
      parts.fail("Control Octet in Header")
    }
    requireFields(octets)
    frame(position, end, over: transport)
    return false
  }

  private mutating func readField(_ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    guard let colon = octets.first(UInt8(ascii: ":"), from: start, to: end) else {
      return parts.fail("Header Line Without Colon")
    }
    // A blank before the colon is legal and hides nothing from us (failures P3).
    let nameRange = start..<octets.trimBlanks(from: start, to: colon)
    guard octets.isToken(nameRange) else { return parts.fail("Bad Header Name") }
    let valueStart = octets.skipBlanks(from: colon + 1, to: end)
    let value = valueStart..<octets.trimBlanks(from: valueStart, to: end)
    let name = FieldName(octets, nameRange)
    if name.isSingle {
      let bit = (1 as UInt64) << UInt64(name.rawValue)
      if parts.seen & bit != 0 { return failDouble(name) }
      parts.seen |= bit
    }
    parts.fields.append(Field(name, name: nameRange, value: value))
    readValue(name, octets, value)
  }

  private mutating func failDouble(_ name: FieldName) {
    switch name {
    case .callID: parts.fail("Two Call-IDs")
    case .cseq: parts.fail("Two CSeqs")
    case .from: parts.fail("Two Froms")
    case .to: parts.fail("Two Tos")
    case .maxForwards: parts.fail("Two Max-Forwards")
    case .contentLength: parts.fail("Two Content-Lengths")
    case .contentType: parts.fail("Two Content-Types")
    case _: parts.fail("Header Twice")
    }
  }

  /// CR and LF of each fold become blanks: nothing moves, and a value keeps its meaning (RFC 3261 §7.3.1).
  static func unfold(_ bytes: [UInt8]) -> [UInt8] {
    var unfolded = bytes
    unfolded.withUnsafeMutableBytes { octets in
      var position = 0
      while let next = UnsafeRawBufferPointer(octets).first(10, from: position, to: octets.count) {
        position = next + 1
        guard next > 0, octets[next - 1] == 13 else { return }
        if next > 2, octets[next - 2] == 10 { return }  // the body begins here
        if position < octets.count, octets[position].isBlank {
          octets[next] = 32
          octets[next - 1] = 32
        }
      }
    }
    return unfolded
  }

  /// The first octet below 0x20 that is neither tab nor part of a line end, or 0x7f. Sixteen at a time: each
  /// octet of each header is looked at.
  static func controlOctet(_ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int? {
    var position = start
    while position + 16 <= end {
      let lanes = octets.loadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self)
      let bad =
        (lanes .< SIMD16(repeating: 32)) .& (lanes .!= SIMD16(repeating: 9))
        .& (lanes .!= SIMD16(repeating: 10)) .& (lanes .!= SIMD16(repeating: 13))
        .| (lanes .== SIMD16(repeating: 127))
      if any(bad) { break }
      position += 16
    }
    while position < end {
      if isControl(octets, position) { return position }
      position += 1
    }
    return nil
  }

  private static func isControl(_ octets: UnsafeRawBufferPointer, _ position: Int) -> Bool {
    let octet = octets[position]
    return (octet < 32 && octet != 9 && octet != 10 && octet != 13) || octet == 127
  }

  /// A quoted pair may hold any octet but CR and LF (RFC 3261 §25.1; RFC 4475 §3.1.1.2 has NUL and DEL).
  private static func areControlsQuoted(_ octets: UnsafeRawBufferPointer, to end: Int) -> Bool {
    var isQuoted = false
    var position = 0
    while position < end {
      switch octets[position] {
      case 10: isQuoted = false
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "\\") where isQuoted: position += 1
      default: if isControl(octets, position) { return false }
      }
      position += 1
    }
    return true
  }
}
