import COsip
import RCMLBasics

/// One pass over the octets of a message.
struct Splitter {
  private(set) var parts = MessageParts()

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
    if Splitter.hasControl(octets, 0, lineEnd - 1) { parts.fail("Control Octet in Header") }
    StartLine.read(octets, lineEnd - 1, into: &parts)
    var position = lineEnd + 1
    while true {
      guard let next = octets.first(10, from: position, to: end) else {
        parts.fail("Header Without End")
        break
      }
      guard next > position, octets[next - 1] == 13 else {
        parts.fail("Bad Line End")
        break
      }
      if next - 1 == position {
        position = next + 1
        break
      }
      if next + 1 < end, octets[next + 1].isBlank { return true }
      if Splitter.hasControl(octets, position, next - 1) {
        guard octets.first(13, from: position, to: next - 1) == nil else {
          parts.fail("Bad Line End")
          break
        }
        parts.fail("Control Octet in Header")
      }
      readField(octets, position, next - 1)
      position = next + 1
      guard parts.fields.count <= MessageReader.fieldLimit, position <= MessageReader.headLimit
      else {
        parts.isCut = parts.fault == nil
        parts.fail("Header Too Long")
        break
      }
    }
    FieldValues.require(in: &parts, octets)
    FieldValues.frame(position, end, over: transport, into: &parts)
    return false
  }

  private mutating func readField(_ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    guard let colon = octets.first(UInt8(ascii: ":"), from: start, to: end) else {
      return parts.fail("Header Line Without Colon")
    }
    // A blank before the colon is legal and hides nothing from us (failures P3).
    let nameRange = start..<octets.trimBlanks(from: start, to: colon)
    let valueStart = octets.skipBlanks(from: colon + 1, to: end)
    let value = valueStart..<octets.trimBlanks(from: valueStart, to: end)
    let name = FieldName(octets, nameRange)
    guard name != .other || octets.isToken(nameRange) else {
      return parts.fail("Bad Header Name")
    }
    if name.isSingle, parts.has(name) { return failDouble(name) }
    parts.seen |= (1 as UInt64) << UInt64(name.rawValue)
    parts.fields.append(Field(name, name: nameRange, value: value))
    FieldValues.read(name, octets, value, into: &parts)
  }

  private mutating func failDouble(_ name: FieldName) {
    switch name {
    case .callID: parts.fail("Two Call-IDs")
    case .cseq: parts.fail("Two CSeqs")
    case .from: parts.fail("Two Froms")
    case .to: parts.fail("Two Tos")
    case .maxForwards: parts.fail("Two Max-Forwards")
    case .maxBreadth: parts.fail("Two Max-Breadths")
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

  /// A control octet that no line may have? A quoted pair may hold any but CR and LF (RFC 3261 §25.1; RFC 4475
  /// §3.1.1.2 has NUL and DEL), a tab is a blank.
  static func hasControl(_ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
    guard octets.mayHaveControl(from: start, to: end) else { return false }
    var isQuoted = false
    var position = start
    while position < end {
      switch octets[position] {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "\\") where isQuoted: position += 1
      case 9: break
      case 0..<32, 127: return true
      default: break
      }
      position += 1
    }
    return false
  }
}
