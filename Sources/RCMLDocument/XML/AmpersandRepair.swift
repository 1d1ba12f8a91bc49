/// Spec G-9: an `&` that begins no reference is one; and G-6: no document type, wherever it stands.
struct AmpersandRepair {
  private(set) var text: [UInt8] = []
  /// Positions in the original text where an `&` was taken literally; `amp;` follows each in `text`.
  private(set) var bare: [Int] = []
  /// Where `<!DOCTYPE` stands.
  private(set) var documentType: Int?

  init(_ original: [UInt8]) {
    text.reserveCapacity(original.count + 16)
    var index = 0
    while index < original.count {
      let rest = original[index...]
      if original[index] == UInt8(ascii: "<") {
        if rest.starts(with: Array("<![CDATA[".utf8)) {
          index = copy(original, from: index, through: "]]>")
          continue
        }
        if rest.starts(with: Array("<!--".utf8)) {
          index = copy(original, from: index, through: "-->")
          continue
        }
        if rest.starts(with: Array("<?".utf8)) {
          index = copy(original, from: index, through: "?>")
          continue
        }
        if documentType == nil, rest.starts(with: Array("<!DOCTYPE".utf8)) { documentType = index }
      }
      text.append(original[index])
      if original[index] == UInt8(ascii: "&"), !AmpersandRepair.isReference(rest) {
        bare.append(index)
        text += Array("amp;".utf8)
      }
      index += 1
    }
  }

  /// Where an octet of `text` stood before.
  func original(_ position: Int) -> Int {
    var shift = 0
    for place in bare {
      guard place + shift < position else { break }
      shift += 4
    }
    return max(0, position - shift)
  }

  private mutating func copy(_ original: [UInt8], from start: Int, through end: String) -> Int {
    let mark = Array(end.utf8)
    var index = start
    while index < original.count {
      if original[index...].starts(with: mark) {
        text += original[start..<(index + mark.count)]
        return index + mark.count
      }
      index += 1
    }
    text += original[start...]
    return original.count
  }

  private static let entities = ["amp;", "lt;", "gt;", "quot;", "apos;"].map { Array($0.utf8) }

  private static func isReference(_ rest: ArraySlice<UInt8>) -> Bool {
    let name = rest.dropFirst()
    if entities.contains(where: { name.starts(with: $0) }) { return true }
    guard name.first == UInt8(ascii: "#") else { return false }
    var digits = name.dropFirst()
    let isHex = digits.first == UInt8(ascii: "x")
    if isHex { digits = digits.dropFirst() }
    let count = digits.prefix {
      ($0 >= 48 && $0 <= 57) || (isHex && ($0 | 0x20) >= 97 && ($0 | 0x20) <= 102)
    }.count
    return count > 0 && digits.dropFirst(count).first == UInt8(ascii: ";")
  }
}
