/// A stored property as the source says it.
struct StoredProperty {
  var name: String
  var line: Int
  var isVariable: Bool
  /// `private`, `private(set)` or `fileprivate`: nobody outside of the file writes it.
  var isSealed: Bool
}

/// A struct or class with what it stores, found by braces and words.
struct DeclaredType {
  var name: String
  var isClass: Bool
  var properties: [StoredProperty] = []
}

extension SourceTree.File {
  var declaredTypes: [DeclaredType] {
    var found: [DeclaredType] = []
    /// Every open brace: the type it opened, or nil.
    var scopes: [DeclaredType?] = []
    var pending: DeclaredType?
    for (index, line) in code.enumerated() {
      let words = Self.words(of: line)
      if let type = Self.type(words) { pending = type }
      if let place = scopes.indices.last, var type = scopes[place],
        let properties = Self.properties(line, words, index + 1)
      {
        type.properties += properties
        scopes[place] = type
      }
      for character in line {
        if character == "{" {
          scopes.append(pending)
          pending = nil
        } else if character == "}", let closed = scopes.popLast(), let type = closed {
          found.append(type)
        }
      }
    }
    return found
  }

  static func words(of line: String) -> [String] {
    line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }.map(String.init)
  }

  private static let modifiers: Set<String> = [
    "private", "fileprivate", "internal", "package", "public", "final", "lazy", "weak", "unowned",
    "nonisolated", "set", "indirect", "unsafe",
  ]

  private static func type(_ words: [String]) -> DeclaredType? {
    guard let at = words.firstIndex(where: { $0 == "struct" || $0 == "class" || $0 == "actor" }),
      at + 1 < words.count,
      words[..<at].allSatisfy({ modifiers.contains($0) || $0.hasPrefix("@") })
    else { return nil }
    let name = words[at + 1]
    guard name != "func", name != "var", name != "let" else { return nil }
    return DeclaredType(name: name, isClass: words[at] != "struct")
  }

  /// Nil: the line declares no stored property.
  private static func properties(
    _ line: String, _ words: [String], _ number: Int
  ) -> [StoredProperty]? {
    guard let at = words.firstIndex(where: { $0 == "var" || $0 == "let" }), at + 1 < words.count,
      words[..<at].allSatisfy({ modifiers.contains($0) || $0.hasPrefix("@") }),
      let keyword = line.range(of: words[at] + " ")
    else { return nil }
    let rest = line[keyword.upperBound...]
    let value = rest.firstIndex(of: "=") ?? rest.endIndex
    if let brace = rest[..<value].firstIndex(of: "{") {
      // Computed, unless it only watches what it stores.
      let body = words.drop { $0 != words[at + 1] }
      guard body.contains("didSet") || body.contains("willSet") || brace < rest.startIndex else {
        return nil
      }
    }
    let isSealed = words[..<at].contains { $0 == "private" || $0 == "fileprivate" }
    let head = rest[..<value].prefix { $0 != ":" }
    let names =
      head.hasPrefix("(")
      ? Self.words(of: String(head))
      : [Self.words(of: String(head)).first].compactMap { $0 }
    return names.map {
      StoredProperty(
        name: $0, line: number, isVariable: words[at] == "var", isSealed: isSealed)
    }
  }

  /// Which of `names` this file assigns in extensions of `type`: `name = …`, `self.name += …`, `name[…].x = …`.
  func assigned(_ names: Set<String>, inExtensionsOf type: String) -> [(name: String, line: Int)] {
    var found: [(String, Int)] = []
    var depth = 0
    var openedAt: Int?
    var locals: Set<String> = []
    var isOpening = false
    for (index, line) in code.enumerated() {
      let words = Self.words(of: line)
      if openedAt == nil, let at = words.firstIndex(of: "extension"), at + 1 < words.count,
        words[at + 1] == type, !line.contains(type + ".")
      {
        isOpening = true
      }
      if openedAt != nil {
        for (word, next) in zip(words, words.dropFirst()) where word == "let" || word == "var" {
          locals.insert(next)
        }
        if words.contains("func") { locals = Self.parameters(line) }
        if let name = Self.assignment(line), names.contains(name), !locals.contains(name) {
          found.append((name, index + 1))
        }
      }
      for character in line {
        if character == "{" {
          depth += 1
          if isOpening {
            openedAt = depth
            isOpening = false
          }
        } else if character == "}" {
          if openedAt == depth { openedAt = nil }
          depth -= 1
        }
      }
    }
    return found
  }

  private static func parameters(_ line: String) -> Set<String> {
    var names: Set<String> = []
    for piece in line.split(separator: ":").dropLast() {
      if let name = words(of: String(piece)).last { names.insert(name) }
    }
    return names
  }

  /// What a line assigns to, as far as a line can say it: the first name of what stands before the operator.
  private static func assignment(_ line: String) -> String? {
    for piece in line.split(separator: "{", omittingEmptySubsequences: false) {
      var text = piece.drop { $0 == " " || $0 == "}" }
      if text.hasPrefix("self.") { text = text.dropFirst(5) }
      let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      guard !name.isEmpty, name != "let", name != "var", name != "case", name != "if",
        name != "guard", name != "return", name != "for", name != "while",
        let sign = operatorPlace(text)
      else { continue }
      let left = text[..<sign]
      // `f(x) = …` is none; `a[f(x)] = …` is one.
      guard !left.dropFirst(name.count).hasPrefix("("), !left.contains(":") || left.contains("[")
      else { continue }
      return String(name)
    }
    return nil
  }

  /// Where ` = `, ` += ` and their like stand outside of brackets.
  private static func operatorPlace(_ text: Substring) -> Substring.Index? {
    let operators: Set<Substring> = ["=", "+=", "-=", "*=", "/=", "|=", "&=", "^=", "&+=", "&-="]
    var depth = 0
    var place = text.startIndex
    while place < text.endIndex {
      let character = text[place]
      if character == "(" || character == "[" { depth += 1 }
      if character == ")" || character == "]" { depth -= 1 }
      if character == " ", depth == 0 {
        let word = text[text.index(after: place)...].prefix { $0 != " " }
        if operators.contains(word) { return place }
      }
      place = text.index(after: place)
    }
    return nil
  }
}
