import RCMLDocument

/// What of a document nobody may see: passwords, and the user info of URLs (spec A-8). It works on the text, not on
/// elements: a document that cannot be read has secrets, too.
enum SecretsOfText {
  /// The same text, character for character, with stars for secrets; line breaks stay.
  static func masked(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    maskAttributes(&scalars)
    maskUserInfo(&scalars)
    maskSipPasswords(&scalars)
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private typealias Scalars = [Unicode.Scalar]

  private static func cover(_ scalars: inout Scalars, _ range: Range<Int>) {
    for index in range where scalars[index] != "\n" && scalars[index] != "\r" {
      scalars[index] = "*"
    }
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
  }

  /// `password="…"` in any quotes or none, also misspelled and with a prefix.
  private static func maskAttributes(_ scalars: inout Scalars) {
    var index = 0
    while index < scalars.count {
      guard scalars[index] == "=" else {
        index += 1
        continue
      }
      var end = index
      while end > 0, isBlank(scalars[end - 1]) { end -= 1 }
      var start = end
      while start > 0, end - start < 40, isNamePart(scalars[start - 1]) { start -= 1 }
      var value = index + 1
      while value < scalars.count, isBlank(scalars[value]) { value += 1 }
      guard isSecret(scalars[start..<end]), value < scalars.count else {
        index += 1
        continue
      }
      index = maskValue(&scalars, value)
    }
  }

  /// Where the value ends.
  private static func maskValue(_ scalars: inout Scalars, _ value: Int) -> Int {
    let quote = scalars[value]
    var end = value
    if quote == "\"" || quote == "'" {
      end += 1
      // Without the second quote everything behind the first is taken for the secret.
      while end < scalars.count, scalars[end] != quote { end += 1 }
      cover(&scalars, (value + 1)..<end)
    } else {
      while end < scalars.count, !isBlank(scalars[end]), scalars[end] != ">" { end += 1 }
      cover(&scalars, value..<end)
    }
    return max(end, value)
  }

  private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-"
      || scalar == "_" || scalar == "."
  }

  private static func isSecret(_ name: ArraySlice<Unicode.Scalar>) -> Bool {
    guard name.allSatisfy(\.isASCII) else { return false }
    let word = String(decoding: name.map { UInt8(truncatingIfNeeded: $0.value) }, as: UTF8.self)
      .lowercased()
    return word.hasPrefix("passw") || word.hasSuffix("password") || word.hasPrefix("secret")
      || Spelling.nearest(word, in: ["password", "passwd"]) != nil
  }

  /// `//user:word@` of a URL.
  private static func maskUserInfo(_ scalars: inout Scalars) {
    var index = 0
    while index + 1 < scalars.count {
      guard scalars[index] == "/", scalars[index + 1] == "/" else {
        index += 1
        continue
      }
      let start = index + 2
      var end = start
      var at: Int?
      while end < scalars.count, !isBlank(scalars[end]),
        !"/?#\"'<>".unicodeScalars.contains(scalars[end])
      {
        if scalars[end] == "@" { at = end }
        end += 1
      }
      if let at { cover(&scalars, start..<at) }
      index = max(end, start)
    }
  }

  /// The word behind the user in `sip:user:word@host` (RFC 3261 §19.1.1).
  private static func maskSipPasswords(_ scalars: inout Scalars) {
    var colon: Int?
    for index in scalars.indices {
      let scalar = scalars[index]
      if isBlank(scalar) || "\"'<>/".unicodeScalars.contains(scalar) {
        colon = nil
      } else if scalar == ":", colon == nil, !isScheme(scalars, index) {
        colon = index
      } else if scalar == "@", let start = colon {
        cover(&scalars, (start + 1)..<index)
        colon = nil
      }
    }
  }

  private static func isScheme(_ scalars: Scalars, _ colon: Int) -> Bool {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[max(0, colon - 4)..<colon])
    let word = String(view).lowercased()
    return word.hasSuffix("sip") || word == "sips"
  }
}
