/// Text as it has to be written so that nothing in it is markup (XML 1.0 §2.4).
public enum XMLText {
  /// A document that dials one address, as a host may ask for it: read by the same reader as any other. A number is one
  /// for `number_uri` (D-30).
  public static func dial(
    _ party: String, _ dial: [(name: String, value: String)] = [],
    noun: [(name: String, value: String)] = []
  ) -> [UInt8] {
    func written(_ attributes: [(name: String, value: String)]) -> String {
      attributes.map { " \($0.name)=\"\(escaped($0.value))\"" }.joined()
    }
    let name = NumberText.isCallee(party) ? "Number" : "Sip"
    let target = "<\(name)\(written(noun))>\(escaped(party))</\(name)>"
    return Array("<Response><Dial\(written(dial))>\(target)</Dial></Response>".utf8)
  }

  /// For text and for attribute values in double quotes.
  public static func escaped(_ text: String) -> String {
    var written = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": written += "&amp;"
      case "<": written += "&lt;"
      case ">": written += "&gt;"
      case "\"": written += "&quot;"
      case "\t", "\n", "\r": written += "&#\(scalar.value);"
      default: written.unicodeScalars.append(scalar)
      }
    }
    return written
  }
}
