/// Lines of a document with a caret below the place that is meant.
struct Excerpts {
  /// Longer lines are shown in part, around the place.
  static let width = 96
  private let lines: [Substring]

  /// Only UTF-8 is shown: in another encoding line and column still stand, without the picture.
  init(_ octets: [UInt8]) {
    guard let text = String(validating: octets, as: UTF8.self) else {
      lines = []
      return
    }
    // A lone CR ends no line here: lines are counted as the reader counts them.
    lines = SecretsOfText.masked(text).split(omittingEmptySubsequences: false) {
      $0 == "\n" || $0 == "\r\n"
    }
  }

  /// "" when there is no such place.
  func excerpt(line: Int, column: Int) -> String {
    guard line >= 1, line <= lines.count, column >= 1 else { return "" }
    let characters = lines[line - 1].unicodeScalars.map { scalar -> Character in
      scalar.value < 0x20 || scalar.value == 0x7f ? " " : Character(scalar)
    }
    guard column <= characters.count + 1 else { return "" }
    let start = column > Excerpts.width - 8 ? column - Excerpts.width / 2 : 0
    let end = min(start + Excerpts.width, characters.count)
    let shown = characters[min(start, characters.count)..<end]
    let caret = String(repeating: " ", count: column - 1 - start) + "^"
    return "    " + String(shown) + "\n    " + caret
  }
}
