/// One element of a document, with where it began.
final class Element {
  /// Without namespace prefix (spec G-11).
  let name: String
  let attributes: [Attribute]
  /// In the original text.
  let offset: Int
  private(set) var children: [Element] = []
  /// Text of this element alone, split by children or comments, joined (G-16).
  private(set) var text: [UInt8] = []
  /// Where its text begins, behind white space; nil = it has none.
  private(set) var textOffset: Int?

  struct Attribute {
    var name: String
    var value: String
    /// Where its name and its value begin, in the original text.
    var nameOffset: Int
    var valueOffset: Int
  }

  /// Its name and attributes with their prefixes, for whoever gets it as markup (spec V-21); nil = there are none.
  let prefixed: Prefixed?

  struct Prefixed {
    var name: String
    var attributes: [(name: String, value: String)]
  }

  init(name: String, attributes: [Attribute], offset: Int, prefixed: Prefixed? = nil) {
    self.name = name
    self.attributes = attributes
    self.offset = offset
    self.prefixed = prefixed
  }

  /// How much text stood before each child.
  private var textBefore: [Int] = []

  /// What stands in an element, in its order.
  enum Piece {
    case text(String)
    case child(Element)
  }

  var content: [Piece] {
    var pieces: [Piece] = []
    var start = 0
    for (child, end) in zip(children, textBefore) {
      if end > start { pieces.append(.text(String(decoding: text[start..<end], as: UTF8.self))) }
      pieces.append(.child(child))
      start = end
    }
    if text.count > start {
      pieces.append(.text(String(decoding: text[start...], as: UTF8.self)))
    }
    return pieces
  }

  func append(_ child: Element) {
    children.append(child)
    textBefore.append(text.count)
  }

  /// More text, which begins at `offset`.
  func append(_ octets: UnsafeRawBufferPointer, offset: Int) {
    if textOffset == nil, let first = octets.firstIndex(where: { !Element.isBlank($0) }) {
      textOffset = offset + first
    }
    text.append(contentsOf: octets)
  }

  var trimmedText: String { Element.trimmed(String(decoding: text, as: UTF8.self)) }

  func attribute(_ name: String) -> Attribute? { attributes.first { $0.name == name } }

  /// Space, tab, CR, LF at both ends (G-16).
  static func trimmed(_ text: String) -> String {
    let octets = text.utf8
    guard let first = octets.firstIndex(where: { !isBlank($0) }),
      let last = octets.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(text[first...last])
  }

  static func isBlank(_ octet: UInt8) -> Bool {
    octet == 32 || octet == 9 || octet == 10 || octet == 13
  }
}
