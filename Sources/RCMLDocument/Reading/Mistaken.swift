import RCMLBasics

/// What a text is that is no RCML, as far as it shows: the sentence that helps whoever wrote the server (spec H-34).
enum Mistaken {
  /// nil = nothing better can be said than what the XML reader says.
  static func sentence(_ text: [UInt8]) -> (ReasonCode, String)? {
    let start = text.prefix(4_096).drop { Element.isBlank($0) }
    guard let first = start.first else {
      return (.documentEmpty, "The document is empty: there are only blanks in it.")
    }
    let head = String(decoding: start.prefix(512), as: UTF8.self).lowercased()
    if head.hasPrefix("<!doctype html") || head.hasPrefix("<html") || head.hasPrefix("<head")
      || head.hasPrefix("<body")
    {
      return (
        .documentIsWebPage,
        "This is a web page, not RCML: look at what the server says in it, and at its URL."
      )
    }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      return (
        .documentIsJSON, "This looks like JSON; a document is XML and begins with <Response>."
      )
    }
    guard first != UInt8(ascii: "<") || head.hasPrefix("<br") || head.hasPrefix("<b>") else {
      return nil
    }
    guard holds(text, "<Response") || holds(text, "<?xml") else { return nil }
    return (
      .documentBrokenXML,
      "Text stands before the document, as servers write warnings: \""
        + String(decoding: start.prefix { $0 != 10 && $0 != 13 }.prefix(60), as: UTF8.self)
        + "\"; remove it."
    )
  }

  /// `{{To}}`, `${x}`, `<%= x %>`: somebody forgot to fill it in.
  static func isTemplate(_ text: String) -> Bool {
    let octets = Array(text.utf8)
    return ["{{", "${", "<%"].contains { holds(octets, $0) }
  }

  private static func holds(_ text: [UInt8], _ word: StaticString) -> Bool {
    let wanted = word.withUTF8Buffer { Array($0) }
    return text.indices.contains { text[$0] == wanted[0] && text[$0...].starts(with: wanted) }
  }
}
