import RCMLBasics

/// What the tool takes of the library's inside: how words are compared and written, nothing of calls. What it does, it
/// does over rcml.h.
enum PlainText {
  /// `; did you mean call?`, or a full stop.
  static func suggestion(for wrong: String, among words: [String]) -> String {
    Spelling.nearest(wrong, in: words).map { "; did you mean \($0)?" } ?? "."
  }

  /// A name of a file as a part of a URL that is neither markup nor a folder (RFC 3986 §2.1).
  static func percentEncoded(_ name: String) -> String {
    var octets: [UInt8] = []
    for octet in name.utf8 {
      if octet.isURLUnreserved {
        octets.append(octet)
      } else {
        PercentEncoding.append(octet, to: &octets)
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }

  /// A part of a URI without its escapes (RFC 3986 §2.1).
  static func percentDecoded(_ text: some StringProtocol) -> String {
    String(decoding: PercentEncoding.decode(Array(text.utf8)).octets, as: UTF8.self)
  }

  /// Nothing that could move a cursor or set a colour.
  static func printable(_ text: some StringProtocol) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.filter { $0 == "\t" || $0.value >= 0x20 && !(0x7f...0x9f ~= $0.value) })
    )
  }

  /// As the text of an element (XML 1.0 §2.4).
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Without blanks at either end.
  static func trimmed(_ text: some StringProtocol) -> String {
    let start = text.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" && $0 != "\r" }) else {
      return ""
    }
    return String(start[...end])
  }
}

/// One JSON object on one line, written as the library writes its own.
typealias JSONLine = JSONText
