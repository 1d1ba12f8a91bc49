// swift-format-ignore-file: AlwaysUseLowerCamelCase
// The names are those of rcml.h.

import CRCML
import RCMLDocument

/// The catalogue with its words as C strings that live as long as the process.
enum Catalogued {
  static let entries: [Entry] = (LibraryEntries.all + FindingEntries.all + ReasonEntries.all)
    .sorted { $0.code < $1.code }.map(Entry.init)

  struct Entry: @unchecked Sendable {
    var code: Int32
    var name: UnsafePointer<CChar>
    var text: UnsafePointer<CChar>
    var cause: UnsafePointer<CChar>
    var fix: UnsafePointer<CChar>

    init(_ words: CatalogueWords) {
      code = words.code
      name = CText.permanent(words.name)
      text = CText.permanent(words.text)
      cause = CText.permanent(words.cause)
      fix = CText.permanent(words.fix)
    }
  }

  private static let byNumber = Dictionary(
    entries.map { ($0.code.magnitude, $0) }, uniquingKeysWith: { first, _ in first })

  /// A result or a number of the catalogue.
  static func find(_ code: Int32) -> Entry? { byNumber[code.magnitude] }

  static func number(of code: FindingCode) -> Int32 { FindingEntries.number(code) }
}

@c @implementation
public func rcml_status_name(_ code: Int32) -> UnsafePointer<CChar>? {
  if code == 0 { return CText.constant("ok") }
  return Catalogued.find(code)?.name ?? CText.empty
}

@c @implementation
public func rcml_status_text(_ code: Int32) -> UnsafePointer<CChar>? {
  if code == 0 { return CText.constant("All is well.") }
  return Catalogued.find(code)?.text ?? CText.empty
}

@c @implementation
public func rcml_catalogue_entry(
  _ index: Int, _ info: UnsafeMutablePointer<rcml_catalogue_info>?
) -> Int32 {
  guard let info else { return RCML_E_ARGUMENT.rawValue }
  guard index >= 0, index < Catalogued.entries.count else { return 0 }
  let entry = Catalogued.entries[index]
  var filled = rcml_catalogue_info()
  filled.code = entry.code
  filled.name = entry.name
  filled.text = entry.text
  filled.cause = entry.cause
  filled.fix = entry.fix
  return SizedStruct.write(filled, to: info) ? 1 : RCML_E_ARGUMENT.rawValue
}
