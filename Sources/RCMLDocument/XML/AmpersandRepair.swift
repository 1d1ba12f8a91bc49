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
          index = copy(original, from: index, opening: 9, through: "]]>")
          continue
        }
        if rest.starts(with: Array("<!--".utf8)) {
          index = copy(original, from: index, opening: 4, through: "-->")
          continue
        }
        if rest.starts(with: Array("<?".utf8)) {
          index = copy(original, from: index, opening: 2, through: "?>")
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
    // The one at `bare[n]` stands at `bare[n] + 4n` in `text`: a sorted list, so that it is found by halves.
    var (low, high) = (0, bare.count)
    while low < high {
      let middle = (low + high) / 2
      if bare[middle] + 4 * middle < position { low = middle + 1 } else { high = middle }
    }
    return max(0, position - 4 * low)
  }

  /// `opening`: octets that begin it. Its end is looked for behind them: `<!-->` and `<?>` end nothing, and whoever
  /// took them for an end would be blind for a document type behind it.
  private mutating func copy(
    _ original: [UInt8], from start: Int, opening: Int, through end: String
  ) -> Int {
    let mark = Array(end.utf8)
    var index = start + opening
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
