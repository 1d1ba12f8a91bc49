/// One JSON object on one line, members in the order they were added.
struct JSONLine {
  private var text = "{"

  mutating func add(_ name: String, _ value: String) { member(name, JSONLine.quoted(value)) }
  mutating func add(_ name: String, _ value: Int64) { member(name, String(value)) }
  mutating func add(_ name: String, _ value: Bool) { member(name, value ? "true" : "false") }

  mutating func add(_ name: String, _ values: [String]) {
    member(name, "[" + values.map(JSONLine.quoted).joined(separator: ",") + "]")
  }

  /// Left out when there is nothing to say.
  mutating func addUnlessEmpty(_ name: String, _ value: String) {
    if !value.isEmpty { add(name, value) }
  }

  var line: String { text + "}" }

  private mutating func member(_ name: String, _ value: String) {
    if text.count > 1 { text += "," }
    text += JSONLine.quoted(name) + ":" + value
  }

  /// RFC 8259 §7.
  private static func quoted(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
