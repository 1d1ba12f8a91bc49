import CRCML
import RCMLBasics
import RCMLDial

/// The header's document as the core takes it, and the settings of the call that runs it.
struct GivenDocument {
  let source: DocumentSource
  let settings: [CallSetting]

  init(_ pointer: UnsafePointer<rcml_document>?) throws(Failure) {
    guard let pointer else { throw .missing("The document") }
    guard let document = SizedStruct.read(pointer, otherwise: rcml_document()) else {
      throw Failure(RCML_E_ARGUMENT, "The document was not set up with RCML_DOCUMENT_INIT.")
    }
    source = try GivenDocument.source(document)
    settings = try GivenDocument.settings(document.settings, document.setting_count)
  }

  /// For what has no call of its own, and so no settings of it.
  static func read(_ pointer: UnsafePointer<rcml_document>?) throws(Failure) -> DocumentSource {
    let given = try GivenDocument(pointer)
    guard given.settings.isEmpty else {
      throw Failure(
        RCML_E_ARGUMENT,
        "A document has settings of a call with rcml_call_run, rcml_agent_call and "
          + "rcml_agent_host_call only.")
    }
    return given.source
  }

  static func settings(
    _ list: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int
  ) throws(Failure) -> [CallSetting] {
    try CText.pairs(list, count).map { CallSetting($0.0, $0.1) }
  }

  private static func source(_ document: rcml_document) throws(Failure) -> DocumentSource {
    if let text = document.text {
      guard let octets = CText.octets(text, length: document.length) else {
        throw Failure(RCML_E_ARGUMENT, "The document's length is no length.")
      }
      return .text(octets, baseURL: CText.read(document.base_url) ?? "")
    }
    guard let url = CText.read(document.url) else {
      throw Failure(RCML_E_ARGUMENT, "The document has neither text nor url.")
    }
    let method = CText.read(document.method) ?? "POST"
    guard method == "GET" || method == "POST" else {
      throw Failure(RCML_E_ARGUMENT, "The method is \"\(method)\": only GET and POST are known.")
    }
    let lower = url.lowercased()
    guard ["http://", "https://", "host:"].contains(where: { lower.hasPrefix($0) }) else {
      throw Failure(RCML_E_URI, "\"\(url)\" is no http:, https: or host: URL.")
    }
    return .url(url, method: method)
  }
}
