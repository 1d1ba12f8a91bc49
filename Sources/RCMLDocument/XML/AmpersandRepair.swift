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
      let octet = original[index]
      if octet == UInt8(ascii: "<"), let section = Self.section(original, index) {
        // The end is sought behind the beginning: in `<!-->` no comment has ended.
        index = copy(original, from: index, past: section.start.count, through: section.end)
        continue
      }
      if octet == UInt8(ascii: "<"), documentType == nil,
        original[index...].starts(with: Self.documentTypeMark)
      {
        documentType = index
      }
      text.append(octet)
      if octet == UInt8(ascii: "&"), !Self.isReference(original[index...]) {
        bare.append(index)
        text += Self.escape
      }
      index += 1
    }
  }

  /// Where an octet of `text` stood before.
  func original(_ position: Int) -> Int {
    // The insertion behind bare[n] begins at bare[n] + 1 + 4n: rising, so it is found by halving.
    var (low, high) = (0, bare.count)
    while low < high {
      let middle = (low + high) / 2
      if bare[middle] + 4 * middle < position { low = middle + 1 } else { high = middle }
    }
    return max(0, position - 4 * low)
  }

  private struct Section {
    var start: [UInt8]
    var end: [UInt8]
  }

  private static let escape = Array("amp;".utf8)
  private static let documentTypeMark = Array("<!DOCTYPE".utf8)
  /// What is literal already (G-9): CDATA, comments, processing instructions.
  private static let sections = [
    Section(start: Array("<![CDATA[".utf8), end: Array("]]>".utf8)),
    Section(start: Array("<!--".utf8), end: Array("-->".utf8)),
    Section(start: Array("<?".utf8), end: Array("?>".utf8)),
  ]

  private static func section(_ original: [UInt8], _ index: Int) -> Section? {
    guard index + 1 < original.count else { return nil }
    let next = original[index + 1]
    guard next == UInt8(ascii: "!") || next == UInt8(ascii: "?") else { return nil }
    return sections.first { original[index...].starts(with: $0.start) }
  }

  private mutating func copy(
    _ original: [UInt8], from start: Int, past skipped: Int, through mark: [UInt8]
  ) -> Int {
    var index = start + skipped
    while index < original.count {
      if original[index] == mark[0], original[index...].starts(with: mark) {
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
    let count = digits.prefix { isHex ? $0.hexValue != nil : $0.isDigit }.count
    return count > 0 && digits.dropFirst(count).first == UInt8(ascii: ";")
  }
}
