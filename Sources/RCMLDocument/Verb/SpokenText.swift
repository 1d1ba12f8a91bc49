/// The words of a `<Say>` and of the elements inside it, in their order (spec V-21): markup that nobody here
/// understands changes nothing, and no word of it is lost.
enum SpokenText {
  /// What is said where no markup is taken.
  static func plain(_ element: Element) -> String {
    var words = ""
    append(element, to: &words)
    return Element.trimmed(words)
  }

  /// The same with its elements, for a speech provider that takes SSML; empty = there are none.
  static func markup(_ element: Element) -> String {
    guard !element.children.isEmpty else { return "" }
    if element.children.count == 1, let only = element.children.first, only.name == "speak",
      element.trimmedText.isEmpty
    {
      return written(only)
    }
    return "<speak>" + content(of: element) + "</speak>"
  }

  /// Elements that part words from each other when they are taken away (SSML 1.1 §3.1).
  private static let parting: Set<String> = ["break", "p", "s", "speak", "audio"]

  private static func append(_ element: Element, to words: inout String) {
    for piece in element.content {
      switch piece {
      case .text(let text): words += text
      case .child(let child):
        let isParting = parting.contains(child.name)
        if isParting { part(&words) }
        // SSML 1.1 §3.1.9: the alias is what is said in place of the text.
        if child.name == "sub", let alias = child.attribute("alias")?.value {
          words += alias
        } else {
          append(child, to: &words)
        }
        if isParting { part(&words) }
      }
    }
  }

  private static func part(_ words: inout String) {
    if let last = words.utf8.last, !Element.isBlank(last) { words += " " }
  }

  private static func content(of element: Element) -> String {
    var text = ""
    for piece in element.content {
      switch piece {
      case .text(let words): text += XMLText.escaped(words)
      case .child(let child): text += written(child)
      }
    }
    return text
  }

  private static func written(_ element: Element) -> String {
    let name = element.prefixed?.name ?? element.name
    var text = "<" + name
    for (name, value) in element.prefixed?.attributes
      ?? element.attributes.map({ ($0.name, $0.value) })
    {
      text += " \(name)=\"\(XMLText.escaped(value))\""
    }
    let inside = content(of: element)
    return inside.isEmpty ? text + "/>" : text + ">" + inside + "</\(name)>"
  }
}
