/// The findings of one document, each with its place in the text.
struct FindingList {
  /// So many of one code are listed, then one more says that there are others: a document made of
  /// mistakes tells its author as much with a hundred as with ten thousand.
  static let limit = 100

  private(set) var all: [Finding] = []
  let places: TextPlaces
  private var counts: [FindingCode: Int] = [:]

  init(_ text: [UInt8]) { places = TextPlaces(text) }

  mutating func warn(_ code: FindingCode, _ offset: Int, _ text: @autoclosure () -> String) {
    add(.warning, code, offset, text)
  }

  mutating func note(_ code: FindingCode, _ offset: Int, _ text: @autoclosure () -> String) {
    add(.note, code, offset, text)
  }

  func isFull(_ code: FindingCode) -> Bool { (counts[code] ?? 0) > FindingList.limit }

  private mutating func add(
    _ severity: Finding.Severity, _ code: FindingCode, _ offset: Int, _ text: () -> String
  ) {
    let count = counts[code] ?? 0
    guard count <= FindingList.limit else { return }
    counts[code] = count + 1
    let place = place(offset)
    guard count < FindingList.limit else {
      all.append(
        Finding(
          severity: .note, code: code, line: place.line, column: place.column,
          text: "There are more findings of this kind; they are not listed."))
      return
    }
    all.append(
      Finding(
        severity: severity, code: code, line: place.line, column: place.column, text: text()))
  }

  func place(_ offset: Int) -> (line: Int, column: Int) { places.place(offset) }
}
