/// A document seen as a row of code units, whatever its encoding: just enough to find secrets in it.
struct DocumentUnits {
  private let bytes: [UInt8]
  private let stride: Int
  private let first: Int
  let count: Int

  /// UTF-16 is told by its byte order mark, or by a zero beside the first `<`.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    let head = (bytes.count > 0 ? bytes[0] : 0, bytes.count > 1 ? bytes[1] : 0)
    switch head {
    case (0xff, 0xfe), (0x3c, 0):
      (stride, first) = (2, 0)
    case (0xfe, 0xff), (0, 0x3c):
      (stride, first) = (2, 1)
    default:
      (stride, first) = (1, 0)
    }
    count = (bytes.count - first + stride - 1) / stride
  }

  func position(_ index: Int) -> Int { index * stride + first }

  subscript(_ index: Int) -> UInt8 { bytes[position(index)] }

  /// Whether the letters at the end of an attribute's name say that its value is a secret: `password`, and `Login.password`
  /// of an element within a verb that only the host knows.
  static func isCredential(_ name: [UInt8]) -> Bool {
    let word = name[(name.lastIndex { !isLetter($0) }.map { $0 + 1 } ?? 0)...]
    return word.elementsEqual("username".utf8) || word.elementsEqual("password".utf8)
  }

  /// The value of `username=` or `password=`, when `index` is that equals sign; nil when it is another one.
  func credentialValue(after index: Int) -> Range<Int>? {
    var end = index
    while end > 0, self[end - 1] <= 0x20 { end -= 1 }
    var start = end
    while start > 0, DocumentUnits.isLetter(self[start - 1]) { start -= 1 }
    guard end - start == 8 else { return nil }
    guard DocumentUnits.isCredential((start..<end).map { self[$0] }) else { return nil }

    var lower = index + 1
    while lower < count, self[lower] <= 0x20 { lower += 1 }
    guard lower < count else { return nil }
    let quote = self[lower]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      lower += 1
      var upper = lower
      while upper < count, self[upper] != quote { upper += 1 }
      return lower..<upper
    }
    // Not XML, so it will be refused; the secret is one all the same.
    var upper = lower
    while upper < count, self[upper] > 0x20, self[upper] != UInt8(ascii: ">") { upper += 1 }
    return lower..<upper
  }

  /// User name and password of a URL, when `index` is the colon before `//`.
  func userInformation(after index: Int) -> [Range<Int>] {
    let slash = UInt8(ascii: "/")
    guard index + 3 < count, self[index + 1] == slash, self[index + 2] == slash else { return [] }
    let start = index + 3
    var end = start
    var at: Int?
    let stops = Array("/?#\"'<>".utf8)
    while end < count, self[end] > 0x20, !stops.contains(self[end]) {
      if self[end] == UInt8(ascii: "@") { at = end }
      end += 1
    }
    guard let at else { return [] }
    let colon = (start..<at).first { self[$0] == UInt8(ascii: ":") }
    guard let colon else { return [start..<at].filter { !$0.isEmpty } }
    return [start..<colon, (colon + 1)..<at].filter { !$0.isEmpty }
  }

  private static func isLetter(_ unit: UInt8) -> Bool { unit | 0x20 >= 97 && unit | 0x20 <= 122 }
}
