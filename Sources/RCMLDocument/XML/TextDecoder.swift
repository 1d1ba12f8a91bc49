/// Octets to UTF-8 by spec G-2: byte order mark, `charset`, XML declaration, else UTF-8.
enum TextDecoder {
  enum Encoding { case utf8, utf16Little, utf16Big, ascii, latin1, windows1252 }

  struct Problem: Error {
    var text: String
    var line = 1
    var column = 1
  }

  static func decode(_ bytes: [UInt8], contentType: String) throws(Problem) -> [UInt8] {
    let (encoding, mark) = try encoding(of: bytes, contentType: contentType)
    let body = bytes[mark...]
    switch encoding {
    case .utf8:
      guard String(validating: body, as: UTF8.self) != nil else {
        throw problem(
          "The document is said to be UTF-8 and holds octets that are not.", UTF8(), body)
      }
      return Array(body)
    case .ascii:
      guard body.allSatisfy({ $0 < 128 }) else {
        let (line, column) = place(after: body.prefix { $0 < 128 })
        throw Problem(
          text: "The document is said to be US-ASCII and holds octets above 127.", line: line,
          column: column)
      }
      return Array(body)
    case .latin1:
      return Array(String(String.UnicodeScalarView(body.map { Unicode.Scalar($0) })).utf8)
    case .windows1252:
      return try decode1252(body)
    case .utf16Little, .utf16Big:
      return try decode16(body, isBig: encoding == .utf16Big)
    }
  }

  private static func encoding(
    of bytes: [UInt8], contentType: String
  ) throws(Problem) -> (Encoding, Int) {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return (.utf8, 3) }
    if bytes.starts(with: [0xff, 0xfe]) { return (.utf16Little, 2) }
    if bytes.starts(with: [0xfe, 0xff]) { return (.utf16Big, 2) }
    if let charset = parameter(of: contentType) { return (try named(charset), 0) }
    if bytes.starts(with: [0x3c, 0]) { return (.utf16Little, 0) }
    if bytes.starts(with: [0, 0x3c]) { return (.utf16Big, 0) }
    if let declared = declaration(bytes) { return (try named(declared), 0) }
    return (.utf8, 0)
  }

  private static func parameter(of contentType: String) -> String? {
    for piece in contentType.split(separator: ";").dropFirst() {
      let parts = piece.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, parts[0].filter({ $0 != " " }).lowercased() == "charset" else {
        continue
      }
      return parts[1].filter { $0 != " " && $0 != "\"" }
    }
    return nil
  }

  /// `encoding="…"` of the XML declaration.
  private static func declaration(_ bytes: [UInt8]) -> String? {
    let head = String(decoding: bytes.prefix(200), as: UTF8.self)
    guard let start = head.firstIndex(of: "<"), head[start...].hasPrefix("<?xml"),
      let end = head.firstIndex(of: ">")
    else { return nil }
    let words = head[start..<end].split { $0 == "\"" || $0 == "'" }
    for (index, word) in words.enumerated() where index + 1 < words.count {
      let name = word.filter { !$0.isWhitespace }
      if name.hasSuffix("encoding=") { return String(words[index + 1]) }
    }
    return nil
  }

  private static func named(_ name: String) throws(Problem) -> Encoding {
    switch name.lowercased() {
    case "utf-8", "utf8": return .utf8
    case "utf-16", "utf-16be": return .utf16Big
    case "utf-16le": return .utf16Little
    case "us-ascii", "ascii": return .ascii
    case "iso-8859-1", "latin1": return .latin1
    case "windows-1252", "cp1252": return .windows1252
    default:
      throw Problem(text: "The encoding of the document is not known; write it in UTF-8.")
    }
  }

  private static func decode16(
    _ body: ArraySlice<UInt8>, isBig: Bool
  ) throws(Problem) -> [UInt8] {
    let octets = Array(body)
    var units: [UInt16] = []
    units.reserveCapacity(octets.count / 2)
    var index = 0
    while index + 1 < octets.count {
      let (first, second) = (UInt16(octets[index]), UInt16(octets[index + 1]))
      units.append(isBig ? first << 8 | second : second << 8 | first)
      index += 2
    }
    guard octets.count % 2 == 0, let text = String(validating: units, as: UTF16.self) else {
      throw problem("The document is said to be UTF-16 and is not.", UTF16(), units)
    }
    return Array(text.utf8)
  }

  private static func decode1252(_ body: ArraySlice<UInt8>) throws(Problem) -> [UInt8] {
    let high: [UInt32] = [
      0x20ac, 0, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039,
      0x152, 0, 0x17d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc,
      0x2122, 0x161, 0x203a, 0x153, 0, 0x17e, 0x178,
    ]
    var scalars = String.UnicodeScalarView()
    for octet in body {
      let value = (0x80...0x9f).contains(octet) ? high[Int(octet) - 0x80] : UInt32(octet)
      guard value != 0 || octet == 0, let scalar = Unicode.Scalar(value) else {
        let whole = body.prefix { !(0x80...0x9f).contains($0) || high[Int($0) - 0x80] != 0 }
        let (line, column) = place(after: whole)
        throw Problem(
          text: "The document is said to be windows-1252 and holds octets it has not.",
          line: line, column: column)
      }
      scalars.append(scalar)
    }
    return Array(String(scalars).utf8)
  }

  /// Where the text stops being what it is said to be.
  private static func problem<Codec: UnicodeCodec, Units: Sequence>(
    _ text: String, _ codec: Codec, _ units: Units
  ) -> Problem where Units.Element == Codec.CodeUnit {
    var (codec, iterator) = (codec, units.makeIterator())
    var (line, column) = (1, 1)
    while case .scalarValue(let scalar) = codec.decode(&iterator) {
      column = scalar == "\n" ? 1 : column + 1
      if scalar == "\n" { line += 1 }
    }
    return Problem(text: text, line: line, column: column)
  }

  /// Line and column behind octets each of which is a character.
  static func place(after octets: ArraySlice<UInt8>) -> (line: Int, column: Int) {
    let last = octets.lastIndex(of: 10).map { octets[($0 + 1)...] } ?? octets
    return (octets.count { $0 == 10 } + 1, last.count + 1)
  }
}
