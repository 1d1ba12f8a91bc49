import CRCML
import RCMLDial

/// The header's document as the core takes it.
enum GivenDocument {
  static func read(_ pointer: UnsafePointer<rcml_document>?) throws(Failure) -> DocumentSource {
    guard let pointer else { throw .missing("The document") }
    guard let document = SizedStruct.read(pointer, otherwise: rcml_document()) else {
      throw Failure(RCML_E_ARGUMENT, "The document was not set up with RCML_DOCUMENT_INIT.")
    }
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
