/// The findings of one document, each with its place in the text.
struct FindingList {
  private(set) var all: [Finding] = []
  private let text: [UInt8]
  private var lineStarts = [0]
  /// How often each code was said.
  private var counts: [FindingCode: Int] = [:]
  /// The last place that was asked for: the next one is usually behind it, on the same line.
  private var known = (offset: 0, line: 0, column: 1)

  /// A document with the same slip a thousand times is told of a hundred.
  static let limit = 100

  init(_ text: [UInt8]) {
    self.text = text
    for (index, octet) in text.enumerated() where octet == 10 { lineStarts.append(index + 1) }
  }

  mutating func warn(_ code: FindingCode, _ offset: Int, _ text: String) {
    let count = counts[code, default: 0] + 1
    counts[code] = count
    guard count <= FindingList.limit + 1 else { return }
    let place = place(offset)
    guard count <= FindingList.limit else {
      return all.append(
        Finding(
          severity: .note, code: code, line: place.line, column: place.column,
          text: "There are more findings of this kind; they are not listed."))
    }
    all.append(
      Finding(
        severity: .warning, code: code, line: place.line, column: place.column, text: text))
  }

  /// Line and column from 1; columns are counted in characters (scalars) of the decoded text.
  mutating func place(_ offset: Int) -> (line: Int, column: Int) {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let start = lineStarts[low]
    let end = min(max(offset, start), text.count)
    var (from, column) = (start, 1)
    if known.line == low + 1, known.offset <= end { (from, column) = (known.offset, known.column) }
    column += text[from..<end].count { $0 & 0xc0 != 0x80 }
    known = (end, low + 1, column)
    return (low + 1, column)
  }
}
