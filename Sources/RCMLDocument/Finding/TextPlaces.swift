/// Lines and columns of a text; asking costs the same wherever the place is, also in a document of one long line.
struct TextPlaces {
  private let text: [UInt8]
  private var lineStarts = [0]
  /// Characters before every `stride`th octet.
  private var characters: [Int] = []
  private static let stride = 256

  init(_ text: [UInt8]) {
    self.text = text
    var count = 0
    for (index, octet) in text.enumerated() {
      if index % TextPlaces.stride == 0 { characters.append(count) }
      if octet & 0xc0 != 0x80 { count += 1 }
      if octet == 10 { lineStarts.append(index + 1) }
    }
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
    return (low + 1, before(end) - before(start) + 1)
  }

  /// How many characters begin before an octet.
  private func before(_ offset: Int) -> Int {
    guard !characters.isEmpty else { return 0 }
    let mark = min(offset / TextPlaces.stride, characters.count - 1)
    return characters[mark]
      + text[(mark * TextPlaces.stride)..<offset].count { $0 & 0xc0 != 0x80 }
  }
}
