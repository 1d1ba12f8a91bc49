import CRCML

/// One exchange with a web server, for people: what was asked and answered, and below it both bodies.
enum ExchangeLine {
  private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }

  /// Without the bodies.
  static func head(_ event: rcml_event) -> String {
    let hasAnswer = text(event.status) == "answered"
    let type = text(event.content_type)
    let result =
      hasAnswer
      ? "\(event.code)" + (type.isEmpty ? "" : " \(type)") + ", \(event.size) octets"
      : "no answer: \(text(event.text))"
    return "\(text(event.method)) \(text(event.url)) → \(result), \(event.elapsed_ms) ms"
  }

  /// `call`: what the call is named.
  static func text(_ event: rcml_event, _ call: String) -> String {
    var lines = "\(call) " + head(event)
    for parameter in text(event.body).split(separator: "&") { lines += "\n  > " + parameter }
    let answer = text(event.text)
    guard text(event.status) == "answered", !answer.isEmpty else { return lines }
    for line in answer.split(separator: "\n", omittingEmptySubsequences: false) {
      lines += "\n  < " + PlainText.printable(line)
    }
    return lines
  }
}
