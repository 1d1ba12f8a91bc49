import RCMLBasics

/// Takes secrets out of what a journal keeps, so that a bug report is not a list of passwords.
///
/// Masked are: `username` and `password` attributes in documents and in all that comes out of them; user info in
/// URLs; the values of `Authorization`, `Proxy-Authorization` and signature headers, in SIP and in HTTP; settings that
/// are secrets. A masked value keeps its length in characters, so that columns, message sizes and all that follows
/// from them are the same in a replay; in documents it becomes `*1*****`, and equal secrets get equal numbers, so that
/// what was equal stays equal. Replay computes with the masked values and masks its own outputs again: both sides are
/// compared with their secrets gone.
struct SecretMask {
  private var numbers: [[UInt8]: Int] = [:]
  private var streams: [ConnectionID: LineMask] = [:]
  /// Lower case; whatever the host called them, of the agent and of single calls (spec H-22).
  private var signatureHeaders: Set<[UInt8]> = []
  /// Past this many, secrets share the last number: memory has a bound.
  private static let limit = 4096

  /// One body that may be a document, in any encoding whose letters are those of ASCII, or UTF-16.
  mutating func document(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > 10 else { return bytes }
    var result = bytes
    let units = DocumentUnits(bytes)
    var index = 0
    while index < units.count {
      switch units[index] {
      case UInt8(ascii: "="):
        if let secret = units.credentialValue(after: index) {
          replace(secret, of: units, in: &result)
          index = secret.upperBound
        }
      case UInt8(ascii: ":"):
        for part in units.userInformation(after: index) {
          replace(part, of: units, in: &result)
          index = part.upperBound
        }
      default: break
      }
      index += 1
    }
    return result
  }

  mutating func url(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "@")) else { return text }
    return String(decoding: document(Array(text.utf8)), as: UTF8.self)
  }

  /// A URL for the eyes of the host.
  static func masked(_ url: String) -> String {
    var mask = SecretMask()
    return mask.url(url)
  }

  /// What the table of settings calls a secret: `signing_key` (spec H-22), `number_password` (D-30), `require_auth`, …, and
  /// user info in any setting that is a URL.
  mutating func setting(_ name: String, _ value: String) -> String {
    if name == "signature_header" { signatureHeaders.insert(Array(value.lowercased().utf8)) }
    let isRequireAuth = name == "require_auth"
    // A name that was mistyped may have been meant for a secret.
    if Settings.entry(name).map({ $0.kind == .secret && !isRequireAuth }) ?? true {
      return secret(value)
    }
    if isRequireAuth, let mark = value.firstIndex(of: ":") {
      return secret(String(value[..<mark])) + ":"
        + secret(String(value[value.index(after: mark)...]))
    }
    return url(value)
  }

  /// An attribute of a document, as `document` masks it where it stands among others.
  mutating func attribute(_ name: String, _ value: String) -> String {
    DocumentUnits.isCredential(Array(name.utf8)) ? secret(value) : url(value)
  }

  /// A user name or password by itself.
  mutating func secret(_ text: String) -> String {
    String(decoding: placeholder(for: Array(text.utf8)), as: UTF8.self)
  }

  func header(_ line: HeaderLine) -> HeaderLine {
    let isSignature = signatureHeaders.contains(
      line.name.map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 })
    guard isSignature || SecretMask.isSecret(name: line.name[...]) else { return line }
    return HeaderLine(
      name: line.name, value: Array(repeating: UInt8(ascii: "*"), count: line.value.count))
  }

  /// One SIP message.
  func message(_ bytes: [UInt8]) -> [UInt8] {
    var lines = LineMask()
    var masked = bytes
    lines.mask(&masked)
    return masked
  }

  /// A piece of what arrives over a stream, where a header may be cut in two.
  mutating func stream(_ id: ConnectionID, _ bytes: [UInt8]) -> [UInt8] {
    var masked = bytes
    streams[id, default: LineMask()].mask(&masked)
    return masked
  }

  /// The same where it stands at the end of other octets.
  mutating func stream(_ id: ConnectionID, _ bytes: inout [UInt8], from start: Int) {
    streams[id, default: LineMask()].mask(&bytes, from: start)
  }

  mutating func streamEnded(_ id: ConnectionID) { streams[id] = nil }

  static func isSecret(name: ArraySlice<UInt8>) -> Bool {
    var lower = name.map { $0 >= 65 && $0 <= 90 ? $0 | 0x20 : $0 }
    while let last = lower.last, last <= 0x20 { lower.removeLast() }
    let text = String(decoding: lower, as: UTF8.self)
    return text == "authorization" || text == "proxy-authorization" || text.hasSuffix("-signature")
  }

  private mutating func replace(
    _ range: Range<Int>, of units: DocumentUnits, in result: inout [UInt8]
  ) {
    let masked = placeholder(for: range.map { units[$0] })
    for (offset, octet) in masked.enumerated() {
      result[units.position(range.lowerBound + offset)] = octet
    }
  }

  /// As long as the secret, in octets and in characters: `*`, its number, then `*`, and for a character of two,
  /// three or four octets of UTF-8 another one of as many. What is escaped, in a document or in a header, stays, so
  /// that a header made of the placeholder is as long as one made of the secret.
  private mutating func placeholder(for secret: [UInt8]) -> [UInt8] {
    let number: Int
    if let known = numbers[secret] {
      number = known
    } else {
      number = min(numbers.count + 1, SecretMask.limit)
      if numbers.count < SecretMask.limit { numbers[secret] = number }
    }
    let label = Array("*\(number)*".utf8)
    var result: [UInt8] = []
    var reference = 0
    // A document's blanks at either end are no part of the value (spec S-14).
    let inner = (secret.firstIndex { $0 > 0x20 } ?? 0)...(secret.lastIndex { $0 > 0x20 } ?? 0)
    while result.count < secret.count {
      let index = result.count
      if !inner.contains(index), secret[index] <= 0x20 {
        result.append(secret[index])
        continue
      }
      if secret[index] == UInt8(ascii: "&"),
        let end = secret[index...].prefix(12).firstIndex(of: UInt8(ascii: ";"))
      {
        reference = end + 1
      }
      if index < reference || secret[index] == UInt8(ascii: "\"")
        || secret[index] == UInt8(ascii: "\\")
      {
        result.append(secret[index])
      } else if secret[index] < 0x80 {
        result.append(index < label.count ? label[index] : UInt8(ascii: "*"))
      } else {
        result += SecretMask.stranger(for: secret[index...])
      }
    }
    return result
  }

  private static func stranger(for rest: ArraySlice<UInt8>) -> [UInt8] {
    let others: [[UInt8]] = [[0xc2, 0xb7], [0xe2, 0x80, 0xa2], [0xf0, 0x9f, 0x94, 0x92]]
    let lead = rest[rest.startIndex]
    let length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
    let isCharacter =
      lead >= 0xc2 && rest.count >= length
      && rest.dropFirst().prefix(length - 1).allSatisfy { $0 & 0xc0 == 0x80 }
    return isCharacter ? others[length - 2] : [0xb7]
  }
}
