import CExpat

extension XMLReader {
  /// What is wrong with the text at the parser's place, for people.
  func sentence(_ code: XML_Error) -> String {
    switch code {
    case XML_ERROR_TAG_MISMATCH: return mismatch()
    case XML_ERROR_NO_ELEMENTS, XML_ERROR_UNCLOSED_TOKEN, XML_ERROR_PARTIAL_CHAR:
      guard let open else { return "The document ends before an element is complete." }
      return "The document ends while \(open) is open; close it."
    case XML_ERROR_UNCLOSED_CDATA_SECTION:
      return "A CDATA section has no end; close it with ]]>."
    case XML_ERROR_DUPLICATE_ATTRIBUTE:
      let name = TagPlaces.name(repair.text, parsed).prefix { $0 != "=" }
      return "The attribute \(name) stands twice on one element; remove one."
    case XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
      return "Something stands behind the end of the root; a document has one root."
    case XML_ERROR_BAD_CHAR_REF:
      return "A character reference names a character that XML forbids; remove it."
    case XML_ERROR_MISPLACED_XML_PI:
      return "An XML declaration stands elsewhere than at the beginning; remove it."
    case XML_ERROR_UNKNOWN_ENCODING, XML_ERROR_INCORRECT_ENCODING:
      return "The XML declaration names an encoding that is not the document's; write UTF-8."
    case XML_ERROR_INVALID_TOKEN: return invalidToken()
    default:
      let why = XML_ErrorString(code).map { String(cString: $0) } ?? "it ends too early"
      return "The document is not well-formed XML: \(why)."
    }
  }

  /// The element that is open, and where it began.
  private var open: String? {
    stack.last.map {
      "<\($0.name.prefix(40))> of line \(places.place($0.offset).line)"
    }
  }

  private func mismatch() -> String {
    // The parser stands on the name behind `</`, or on the mark itself.
    var start = parsed
    while start < repair.text.count,
      repair.text[start] == UInt8(ascii: "<") || repair.text[start] == UInt8(ascii: "/")
    { start += 1 }
    let found = TagPlaces.name(repair.text, start)
    guard let open else { return "</\(found)> closes nothing." }
    return "</\(found)> closes nothing: \(open) is open; close it first."
  }

  private func invalidToken() -> String {
    let place = parsed
    guard place >= 0, place < repair.text.count else {
      return "The document is not well-formed XML here."
    }
    switch repair.text[place] {
    case UInt8(ascii: "<"):
      return "A < stands where none can; write &lt; in texts and values."
    case 0..<32: return "A control character stands here; XML forbids it."
    default:
      return "A character stands where none can: an attribute without quotes, a mark too many, "
        + "or a < in a text, which is written &lt;."
    }
  }
}
