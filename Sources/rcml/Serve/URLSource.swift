import CRCML

/// Where a call says the URL of its document: `--url-from header:NAME` or `--url-from uri:NAME`.
struct URLSource {
  enum Found {
    /// The call says none.
    case nothing
    case url(String)
    /// The sentence says what is wrong with it.
    case bad(String)
  }

  private let isHeader: Bool
  private let name: String

  /// nil: `--url-from` is not there.
  init?(_ options: Options) throws(Problem) {
    guard let text = try options.one("url-from") else { return nil }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let known = ["header", "uri"]
    guard parts.count == 2, known.contains(String(parts[0])), URLSource.isName(parts[1]) else {
      throw .usage("--url-from \(text): header:NAME or uri:NAME, say header:X-RCML-URL.")
    }
    isHeader = parts[0] == "header"
    name = String(parts[1])
  }

  /// Nothing that a form or a URI would write in another way.
  private static func isName(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0.isASCII
          && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
            || "-_.".unicodeScalars.contains($0))
      }
  }

  func find(in event: rcml_event) -> Found {
    let values = isHeader ? headers(of: event) : parameters(of: event)
    guard let first = values.first else { return .nothing }
    guard values.count == 1 else { return .bad("\(place) stands there \(values.count) times.") }
    guard URLSource.isWebURL(first) else {
      let shown = PlainText.printable(first).prefix(100)
      return .bad("\(place) is no http: or https: URL: \"\(shown)\".")
    }
    return .url(first)
  }

  private var place: String { isHeader ? "The header \(name)" : "The parameter \(name)" }

  /// Names of header fields are the same in capitals (RFC 3261 §7.3.1); the parameters of an event are not.
  private func headers(of event: rcml_event) -> [String] {
    let form = event.body.map { String(cString: $0) } ?? ""
    let written = form.split(separator: "&").map { $0.prefix { $0 != "=" } }
      .filter { $0.lowercased() == name.lowercased() }
    guard written.count == 1 else { return written.map { _ in "" } }
    return [URLSource.parameter(String(written[0]), of: event)]
  }

  private static func parameter(_ name: String, of event: rcml_event) -> String {
    var event = event
    let length = rcml_event_parameter(&event, name, nil, 0)
    guard length > 0 else { return "" }
    var buffer = [CChar](repeating: 0, count: Int(length) + 1)
    rcml_event_parameter(&event, name, &buffer, buffer.count)
    return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  /// Behind the host, before the headers: `sip:user@host;NAME=VALUE?…`.
  private func parameters(of event: rcml_event) -> [String] {
    let uri = event.url.map { String(cString: $0) } ?? ""
    let behindUser = uri.firstIndex(of: "@").map { uri[uri.index(after: $0)...] } ?? uri[...]
    let pieces = behindUser.prefix { $0 != "?" }.split(separator: ";").dropFirst()
    return pieces.compactMap { piece in
      let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts[0].lowercased() == name.lowercased() else { return nil }
      return parts.count == 2 ? PlainText.percentDecoded(parts[1]) : ""
    }
  }

  /// What the web is asked by, and a host; the engine says what else is wrong with it.
  private static func isWebURL(_ text: String) -> Bool {
    let start = text.prefix(8).lowercased()
    guard let scheme = ["http://", "https://"].first(where: start.hasPrefix) else { return false }
    let rest = text.dropFirst(scheme.count)
    guard let host = rest.unicodeScalars.first, !"/?#:@".unicodeScalars.contains(host) else {
      return false
    }
    return text.utf8.count <= 2_048
      && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f }
  }
}
