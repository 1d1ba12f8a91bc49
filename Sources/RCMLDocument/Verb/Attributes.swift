import RCMLBasics

/// The attributes of one element, read by the rules of spec G-14, G-16 … G-18; what is wrong becomes a warning and
/// the default.
struct Attributes {
  let element: Element

  init(_ element: Element) { self.element = element }

  /// Trimmed; an empty value counts as absent.
  func text(_ name: String) -> String? {
    guard let value = element.attribute(name)?.value else { return nil }
    let trimmed = Element.trimmed(value)
    return trimmed.isEmpty ? nil : trimmed
  }

  /// Exactly as written; nil = absent.
  func raw(_ name: String) -> String? { element.attribute(name)?.value }

  func flag(_ name: String, _ reader: inout VerbReader) -> Bool? {
    word(name, ["true", "false"], "it is true or false", &reader).map { $0 == "true" }
  }

  /// One of a list of words, in any case; anything else is a warning and nil.
  func word(
    _ name: String, _ words: [String], _ rule: String, _ reader: inout VerbReader
  ) -> String? {
    guard let value = text(name) else { return nil }
    let lower = value.lowercased()
    if words.contains(lower) { return lower }
    reader.invalid(element, name, rule, Spelling.question(lower, in: words))
    return nil
  }

  /// A list, split at commas and white space (S-8); unknown words are named by a warning and left out.
  func list(
    _ name: String, _ words: [String], _ rule: String, _ reader: inout VerbReader
  ) -> [String] {
    guard let value = text(name) else { return [] }
    return VerbReader.words(value).filter { word in
      if words.contains(word) { return true }
      reader.unknownWord(word, of: element, name, rule, Spelling.question(word, in: words))
      return false
    }
  }

  /// Above the range it is clamped with a warning, below it is invalid (G-17).
  func number(
    _ name: String, _ range: ClosedRange<Int>, _ reader: inout VerbReader
  ) -> Int? {
    guard let value = text(name) else { return nil }
    guard value.utf8.allSatisfy(\.isDigit) else {
      reader.invalid(element, name, "it is a whole number, without sign, unit and fraction")
      return nil
    }
    guard let number = Int(value), number <= range.upperBound else {
      reader.tooLarge(element, name, taken: range.upperBound)
      return range.upperBound
    }
    guard number >= range.lowerBound else {
      reader.invalid(element, name, "it is at least \(range.lowerBound)")
      return nil
    }
    return number
  }

  func seconds(
    _ name: String, _ range: ClosedRange<Int>, _ reader: inout VerbReader
  ) -> Interval? {
    number(name, range, &reader).map { .seconds($0) }
  }

  func method(_ name: String, _ reader: inout VerbReader) -> HTTPMethod {
    word(name, ["get", "post"], "it is GET or POST", &reader) == "get" ? .get : .post
  }

  func url(_ name: String, _ reader: inout VerbReader, isSound: Bool = false) -> String? {
    guard let value = text(name) else { return nil }
    return reader.url(value, of: element, name, isSound: isSound)
  }

  /// G-14: a name of another element is told whose it is, one close to a known one is asked about.
  func warnOfUnknown(_ reader: inout VerbReader) {
    guard !element.attributes.isEmpty else { return }
    let known = AttributeNames.of(element.name)
    for attribute in element.attributes where !known.contains(attribute.name) {
      let name = attribute.name.prefix(40)
      let isExtension = attribute.name.hasPrefix("x-")  // G-14, Q-27
      if isExtension, !reader.isCheck { continue }
      if attribute.name == "sendDigits", known.contains("x-digits") {
        reader.findings.warn(
          .misplacedAttribute, attribute.nameOffset,
          "<\(element.name)> has no attribute sendDigits, which belongs to <Number>; write x-digits."
        )
        continue
      }
      if ForeignNames.isAttribute(attribute.name, of: element.name) {
        reader.findings.warn(
          .unsupportedAttribute, attribute.nameOffset,
          "<\(element.name)> has the attribute \(name) on other platforms; it is not served here and is ignored."
        )
        continue
      }
      if attribute.name == "url", element.name == "Play" || element.name == "Redirect" {
        reader.findings.warn(
          .misplacedAttribute, attribute.nameOffset,
          "The URL of <\(element.name)> is its text: write <\(element.name)>URL</\(element.name)>.")
        continue
      }
      if let owner = AttributeNames.owner(of: attribute.name, besides: element.name) {
        reader.tell(
          isExtension ? .note : .warning, .misplacedAttribute, attribute.nameOffset,
          "<\(element.name)> has no attribute \(name); `\(name)` belongs to <\(owner)>.")
        continue
      }
      // What stands there already is not what was meant.
      let missing = known.filter { element.attribute($0) == nil }
      let question = Spelling.question(attribute.name, in: missing)
      if isExtension, question.isEmpty { continue }
      reader.tell(
        isExtension ? .note : .warning, .unknownAttribute, attribute.nameOffset,
        "<\(element.name)> has no attribute \(name); it is ignored.\(question)")
    }
  }
}
