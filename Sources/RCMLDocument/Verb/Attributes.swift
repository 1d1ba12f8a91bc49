import RCMLBasics

/// The attributes of one element, read by the rules of spec G-14, G-16 … G-18; what is wrong becomes a warning and
/// the default.
struct Attributes {
  let element: Element
  private var known: Set<String> = []

  init(_ element: Element) { self.element = element }

  /// Trimmed; an empty value counts as absent.
  mutating func text(_ name: String) -> String? {
    known.insert(name)
    guard let value = element.attributes.first(where: { $0.name == name })?.value else {
      return nil
    }
    let trimmed = Element.trimmed(value)
    return trimmed.isEmpty ? nil : trimmed
  }

  /// Exactly as written; nil = absent.
  mutating func raw(_ name: String) -> String? {
    known.insert(name)
    return element.attributes.first { $0.name == name }?.value
  }

  mutating func flag(_ name: String, _ reader: inout VerbReader) -> Bool? {
    guard let value = text(name) else { return nil }
    switch value.lowercased() {
    case "true": return true
    case "false": return false
    default:
      reader.invalid(element, name, "it is true or false")
      return nil
    }
  }

  /// Above the range it is clamped with a warning, below it is invalid (G-17).
  mutating func number(
    _ name: String, _ range: ClosedRange<Int>, _ reader: inout VerbReader
  ) -> Int? {
    guard let value = text(name) else { return nil }
    guard value.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else {
      reader.invalid(element, name, "it is a whole number")
      return nil
    }
    guard let number = Int(value), number <= range.upperBound else {
      reader.invalid(element, name, "it is at most \(range.upperBound), which is taken")
      return range.upperBound
    }
    guard number >= range.lowerBound else {
      reader.invalid(element, name, "it is at least \(range.lowerBound)")
      return nil
    }
    return number
  }

  mutating func seconds(
    _ name: String, _ range: ClosedRange<Int>, _ reader: inout VerbReader
  ) -> Interval? {
    number(name, range, &reader).map { .seconds($0) }
  }

  mutating func method(_ name: String, _ reader: inout VerbReader) -> HTTPMethod {
    guard let value = text(name) else { return .post }
    guard let method = HTTPMethod(rawValue: value.uppercased()) else {
      reader.invalid(element, name, "it is GET or POST")
      return .post
    }
    return method
  }

  mutating func url(_ name: String, _ reader: inout VerbReader) -> String? {
    guard let value = text(name) else { return nil }
    return reader.url(value, of: element, name)
  }

  /// G-14; a name close to a known one is asked about.
  func warnOfUnknown(_ reader: inout VerbReader) {
    for attribute in element.attributes
    where !known.contains(attribute.name) && !attribute.name.hasPrefix("x-") {
      let hint = Spelling.nearest(attribute.name, in: known.sorted())
      reader.warn(
        .unknownAttribute, element,
        "<\(element.name)> has no attribute \(attribute.name); it is ignored."
          + (hint.map { " Did you mean \($0)?" } ?? ""))
    }
  }
}

/// "Did you mean".
enum Spelling {
  static func nearest(_ word: String, in words: [String]) -> String? {
    let close = words.map { ($0, distance(word.lowercased(), $0.lowercased())) }
      .filter { $0.1 <= ($0.0.utf8.count <= 3 ? 1 : max(2, $0.0.utf8.count / 3)) }
    return close.min { $0.1 < $1.1 }?.0
  }

  /// Levenshtein, at most 40 octets of each.
  private static func distance(_ a: String, _ b: String) -> Int {
    let (left, right) = (Array(a.utf8.prefix(40)), Array(b.utf8.prefix(40)))
    var row = Array(0...right.count)
    for (index, octet) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let replaced = diagonal + (right[column] == octet ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[right.count]
  }
}
