/// The findings of one document, each with its place in the text.
struct FindingList {
  private(set) var all: [Finding] = []
  private let text: [UInt8]
  private var lineStarts = [0]

  init(_ text: [UInt8]) {
    self.text = text
    for (index, octet) in text.enumerated() where octet == 10 { lineStarts.append(index + 1) }
  }

  mutating func warn(_ code: FindingCode, _ offset: Int, _ text: String) {
    let place = place(offset)
    all.append(
      Finding(
        severity: .warning, code: code, line: place.line, column: place.column, text: text))
  }

  /// Line and column from 1; columns are counted in characters (scalars) of the decoded text.
  func place(_ offset: Int) -> (line: Int, column: Int) {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let start = lineStarts[low]
    let end = min(max(offset, start), text.count)
    let column = text[start..<end].count { $0 & 0xc0 != 0x80 } + 1
    return (low + 1, column)
  }
}
