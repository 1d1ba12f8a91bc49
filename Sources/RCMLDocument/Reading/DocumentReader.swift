import RCMLBasics

/// The contract of the document room: bytes in, a checked tree or an error out (spec G).
public enum DocumentReader {
  /// `isCheck`: nobody runs the document; what would only be noise in a running call is told, too (E-7).
  public static func read(
    _ bytes: [UInt8], contentType: String, url: String, settings: Settings, isCheck: Bool = false
  ) -> Reading {
    let type = Element.trimmed(String(contentType.prefix { $0 != ";" })).lowercased()
    guard bytes.count <= settings.maxDocumentBytes else {
      let kept = bytes[..<max(0, settings.maxDocumentBytes)]
      return error(
        .documentTooLarge, "The document is longer than \(settings.maxDocumentBytes) octets.",
        TextDecoder.place(after: kept))
    }
    if type.hasPrefix("audio/") {
      let play = Play(url: url.isEmpty ? nil : url)
      return Reading(document: Document(verbs: [Verb(.play(play), line: 1, column: 1)], url: url))
    }
    if bytes.isEmpty {  // G-5
      let finding = Finding(
        severity: .note, code: .emptyVerb, line: 1, column: 1,
        text: "The document is empty: a call that runs it ends.")
      return Reading(document: Document(verbs: [], url: url), findings: isCheck ? [finding] : [])
    }
    let text: [UInt8]
    do {
      text = try TextDecoder.decode(bytes, contentType: contentType)
    } catch { return self.error(.documentWrongEncoding, error.text, (error.line, error.column)) }
    switch kind(of: type, text) {
    case .xml: return xml(text, url: url, settings: settings, isCheck: isCheck)
    case .plain:
      let say = Say(text: Element.trimmed(String(decoding: text, as: UTF8.self)))
      return Reading(document: Document(verbs: [Verb(.say(say), line: 1, column: 1)], url: url))
    case .unknown:
      let mistaken =
        Mistaken.sentence(text)
        ?? (type.isEmpty
          ? (.documentBrokenXML, "This is no XML; a document begins with <Response>.")
          : (
            .documentWrongType,
            "The content type \(type.prefix(60)) is not one that is read; send text/xml."
          ))
      return error(mistaken.0, mistaken.1, (1, 1))
    }
  }

  /// A text in UTF-8, by the charset that G-2 finds; nil = it is no such text.
  public static func text(_ bytes: [UInt8], contentType: String) -> [UInt8]? {
    try? TextDecoder.decode(bytes, contentType: contentType)
  }

  private enum Kind { case xml, plain, unknown }

  /// G-4.
  private static func kind(of type: String, _ text: [UInt8]) -> Kind {
    switch type {
    case "text/xml", "application/xml", "text/html": return .xml
    case "text/plain": return .plain
    case "":
      let first = text.first { $0 != 32 && $0 != 9 && $0 != 10 && $0 != 13 }
      return first == UInt8(ascii: "<") ? .xml : .unknown
    default: return type.contains("/") && type.hasSuffix("+xml") ? .xml : .unknown
    }
  }

  private static func xml(
    _ text: [UInt8], url: String, settings: Settings, isCheck: Bool
  ) -> Reading {
    var findings = FindingList(text)
    let start = leadingSpace(text)
    if start > 0 {
      findings.warn(.leadingSpace, 0, "White space before the XML declaration is skipped.")
    }
    let repair = AmpersandRepair(start > 0 ? Array(text[start...]) : text)
    for place in repair.bare where !findings.isFull(.bareAmpersand) {
      findings.warn(
        .bareAmpersand, place + start, bareAmpersand(text[(place + start)...]))
    }
    do {
      let root = try XMLReader.read(repair, findings.places, shift: start)
      var reader = VerbReader(
        findings: findings, settings: settings,
        urls: URLResolver(base: url.isEmpty ? settings.baseURL : url), isCheck: isCheck)
      guard let verbs = reader.verbs(of: root) else {
        let mistaken =
          Mistaken.sentence(text)
          ?? (
            .documentWrongRoot,
            "The root of the document is <\(root.name.prefix(40))>; it has to be <Response>."
          )
        return error(
          mistaken.0, mistaken.1, findings.place(root.offset), reader.findings.all)
      }
      return Reading(document: Document(verbs: verbs, url: url), findings: reader.findings.all)
    } catch {
      if let mistaken = Mistaken.sentence(text) {
        return self.error(mistaken.0, mistaken.1, (1, 1), findings.all)
      }
      return self.error(error.reason, error.text, findings.place(error.offset), findings.all)
    }
  }

  /// G-9: an `&` alone, or one that begins a name which XML does not know.
  private static func bareAmpersand(_ text: ArraySlice<UInt8>) -> String {
    let name = text.dropFirst().prefix(12).prefix {
      ($0 | 0x20) >= 97 && ($0 | 0x20) <= 122 || ($0 >= 48 && $0 <= 57)
    }
    guard !name.isEmpty, text.dropFirst(1 + name.count).first == UInt8(ascii: ";") else {
      return "A bare & is taken literally; write &amp; in XML."
    }
    let written = String(decoding: name, as: UTF8.self)
    return
      "XML knows no &\(written); and it is taken literally; write the character itself, or its number as &#233;."
  }

  /// G-23: only where an XML declaration or a root follows.
  private static func leadingSpace(_ text: [UInt8]) -> Int {
    var index = 0
    while index < text.count {
      if text[index...].starts(with: [0xef, 0xbb, 0xbf]) {
        index += 3
      } else if [32, 9, 10, 13].contains(text[index]) {
        index += 1
      } else {
        break
      }
    }
    return text[index...].starts(with: Array("<?xml".utf8)) ? index : 0
  }

  private static func error(
    _ reason: ReasonCode, _ text: String, _ place: (line: Int, column: Int) = (0, 0),
    _ findings: [Finding] = []
  ) -> Reading {
    Reading(
      document: nil, findings: findings,
      error: Finding(
        severity: .error, code: .documentError, line: place.line, column: place.column, text: text,
        reason: reason))
  }
}
