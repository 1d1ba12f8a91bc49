import RCMLBasics

/// `callerId` as it is written (spec U-1); nil = invalid (U-5).
enum CallerIDText {
  static func read(_ text: String) -> CallerID? {
    guard text.utf8.count <= 128, text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
      return nil
    }
    if text.lowercased() == "anonymous" { return .anonymous }
    if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
      let name = Element.trimmed(String(text[..<open])).filter { $0 != "\"" }
      let uri = String(text[text.index(after: open)...].dropLast())
      return address(uri, name)
    }
    if text.contains("@") { return address(text, "") }
    return token(text)
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

  private static func token(_ text: String) -> CallerID? {
    var written = ""
    for octet in text.utf8 {
      if octet.isSIPUnreserved || octet == UInt8(ascii: "+") {
        written.unicodeScalars.append(Unicode.Scalar(octet))
      } else if octet > 32, octet < 127, !"\"<>@:".utf8.contains(octet) {
        written += "%" + String(octet, radix: 16, uppercase: true)
      } else {
        return nil
      }
    }
    return written.isEmpty ? nil : .token(written)
  }
}
