import RCMLBasics

/// A value of Content-Type or Content-Disposition (RFC 2045 §5.1), of a message or of a part of a body. What divides folded
/// lines counts as blanks.
struct MIMEValue {
  private let octets: ArraySlice<UInt8>

  init(_ octets: ArraySlice<UInt8>) { self.octets = MIMEValue.trimmed(octets) }

  var isEmpty: Bool { octets.isEmpty }

  /// What stands before the parameters.
  private var word: ArraySlice<UInt8> {
    MIMEValue.trimmed(octets.prefix { $0 != UInt8(ascii: ";") })
  }

  /// `text` is lower case.
  func isNamed(_ text: StaticString) -> Bool { word.equalsIgnoringCase(text) }

  /// Is it a type of this kind? `text` is lower case and ends with the slash.
  func isKind(_ text: StaticString) -> Bool {
    word.prefix(text.utf8CodeUnitCount).equalsIgnoringCase(text)
  }

  /// The value of the first parameter of that name (lower case), without its quotes; nil = none, or its quotes never
  /// close.
  func parameter(_ name: StaticString) -> [UInt8]? {
    var rest = octets.drop { $0 != UInt8(ascii: ";") }
    while !rest.isEmpty {
      rest = rest.drop { $0 == UInt8(ascii: ";") || $0.isMIMEBlank }
      let key = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
      rest = rest[key.endIndex...]
      guard rest.first == UInt8(ascii: "=") else { continue }
      rest = rest.dropFirst().drop(while: \.isMIMEBlank)
      guard let value = MIMEValue.cutValue(from: &rest) else { return nil }
      if MIMEValue.trimmed(key).equalsIgnoringCase(name) { return value }
    }
    return nil
  }

  /// A quoted string or what stands before the next semicolon.
  private static func cutValue(from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard rest.first == UInt8(ascii: "\"") else {
      let value = rest.prefix { $0 != UInt8(ascii: ";") }
      rest = rest[value.endIndex...]
      return Array(trimmed(value))
    }
    var value: [UInt8] = []
    var isEscaped = false
    for position in rest.indices.dropFirst() {
      let octet = rest[position]
      if isEscaped {
        isEscaped = false
      } else if octet == UInt8(ascii: "\\") {
        isEscaped = true
        continue
      } else if octet == UInt8(ascii: "\"") {
        rest = rest[position...].drop { $0 != UInt8(ascii: ";") }
        return value
      }
      value.append(octet)
    }
    return nil
  }

  private static func trimmed(_ octets: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let start = octets.firstIndex { !$0.isMIMEBlank } ?? octets.endIndex
    let end = octets.lastIndex { !$0.isMIMEBlank }.map { $0 + 1 } ?? start
    return octets[start..<end]
  }
}

extension UInt8 {
  /// A blank, or of the end of a line that is folded.
  fileprivate var isMIMEBlank: Bool { isBlank || self == 13 || self == 10 }
}
