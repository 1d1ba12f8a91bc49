import RCMLBasics

/// `callerId` as it is written (spec U-1, U-68); nil = invalid (U-5).
enum CallerIDText {
  static func read(_ text: String) -> CallerID? {
    guard text.utf8.count <= 128, text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
      return nil
    }
    if text.lowercased() == "anonymous" { return .anonymous }
    if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
      let name = Element.trimmed(String(text[..<open])).filter { $0 != "\"" }
      let uri = String(text[text.index(after: open)...].dropLast())
      if let read = address(uri, name) { return read }
    }
    if text.contains("@"), let read = address(text, "") { return read }
    return .token(NumberText.plain(text) ?? NumberText.escaped(text))
  }

  /// Parameters and headers removed (U-2).
  private static func address(_ text: String, _ name: String) -> CallerID? {
    let lower = text.lowercased()
    let isComplete = lower.hasPrefix("sip:") || lower.hasPrefix("sips:")
    let uri = SipURIText.read(isComplete ? text : "sip:" + text)
    guard let uri, !uri.host.isEmpty else { return nil }
    let scheme = uri.isSecure ? "sips:" : "sip:"
    let user = uri.user.isEmpty ? "" : uri.user + "@"
    let port = uri.port == 0 ? "" : ":\(uri.port)"
    return .uri(scheme + user + uri.host + port, displayName: name)
  }
}
