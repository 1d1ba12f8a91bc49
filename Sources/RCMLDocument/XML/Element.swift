/// One element of a document, with where it began.
final class Element {
  /// Without namespace prefix (spec G-11).
  let name: String
  let attributes: [Attribute]
  /// In the original text.
  let offset: Int
  private(set) var children: [Element] = []
  /// Text of this element alone, split by children or comments, joined (G-16).
  var text: [UInt8] = []

  struct Attribute {
    var name: String
    var value: String
  }

  init(name: String, attributes: [Attribute], offset: Int) {
    self.name = name
    self.attributes = attributes
    self.offset = offset
  }

  func append(_ child: Element) { children.append(child) }

  func removeLast() -> Element? { children.popLast() }

  var trimmedText: String { Element.trimmed(String(decoding: text, as: UTF8.self)) }

  /// Space, tab, CR, LF at both ends (G-16).
  static func trimmed(_ text: String) -> String {
    let octets = Array(text.utf8)
    func isBlank(_ octet: UInt8) -> Bool { octet == 32 || octet == 9 || octet == 10 || octet == 13 }
    guard let first = octets.firstIndex(where: { !isBlank($0) }),
      let last = octets.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(decoding: octets[first...last], as: UTF8.self)
  }
}
