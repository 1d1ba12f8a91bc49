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
    lines = Excerpts.masked(text).split(omittingEmptySubsequences: false) {
      $0 == "\n" || $0 == "\r\n" || $0 == "\r"
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

  /// Passwords — values of `password` attributes, and what stands between user and `@` in a URL — as stars: places
  /// stay what they are (A-8).
  private static func masked(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    func hide(_ range: Range<Int>) {
      for index in range where scalars[index] != "\n" && scalars[index] != "\r" {
        scalars[index] = "*"
      }
    }
    var index = 0
    while index < scalars.count {
      if let value = passwordValue(scalars, at: index) {
        hide(value)
        index = value.upperBound
      } else if scalars[index] == ":", let secret = userInfo(scalars, behind: index + 1) {
        hide(secret)
        index = secret.upperBound
      } else {
        index += 1
      }
    }
    var shown = String.UnicodeScalarView()
    shown.append(contentsOf: scalars)
    return String(shown)
  }

  /// The value of an attribute `password` that begins here, also one that is never closed.
  private static func passwordValue(_ scalars: [Unicode.Scalar], at start: Int) -> Range<Int>? {
    let name = Array("password".unicodeScalars)
    guard scalars.count - start > name.count, scalars[start] == "p",
      scalars[start..<start + name.count].elementsEqual(name)
    else { return nil }
    var index = start + name.count
    func skipBlanks() {
      while index < scalars.count, [" ", "\t", "\n", "\r"].contains(scalars[index]) { index += 1 }
    }
    skipBlanks()
    guard index < scalars.count, scalars[index] == "=" else { return nil }
    index += 1
    skipBlanks()
    guard index < scalars.count else { return nil }
    let quote = scalars[index]
    guard quote == "\"" || quote == "'" else {
      let end = scalars[index...].firstIndex { [" ", "\n", ">", "/"].contains($0) }
      return index..<(end ?? scalars.count)
    }
    let end = scalars[(index + 1)...].firstIndex(of: quote) ?? scalars.count
    return index + 1..<end
  }

  /// The part between this colon and an `@` of the same word: `http://user:secret@`, `sip:user:secret@`.
  private static func userInfo(_ scalars: [Unicode.Scalar], behind start: Int) -> Range<Int>? {
    let before = scalars[..<(start - 1)].suffix(4)
    // The colon of a scheme: what follows is a user.
    if before.elementsEqual("sips".unicodeScalars)
      || before.suffix(3).elementsEqual("sip".unicodeScalars)
    {
      return nil
    }
    var index = start
    while index < scalars.count {
      switch scalars[index] {
      case "@": return start == index ? nil : start..<index
      case " ", "\t", "\n", "\r", "/", "<", ">", "\"", "'", "?", "#", ":": return nil
      default: index += 1
      }
    }
    return nil
  }
}
