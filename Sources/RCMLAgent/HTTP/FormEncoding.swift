import RCMLBasics
import RCMLDial

/// `application/x-www-form-urlencoded` as the URL standard writes it (spec H-2): space is `+`, everything but letters,
/// digits and `*-._` is percent-encoded UTF-8.
public enum FormEncoding {
  public static func encode(_ parameters: [Parameter]) -> [UInt8] {
    var octets: [UInt8] = []
    for parameter in parameters {
      if !octets.isEmpty { octets.append(UInt8(ascii: "&")) }
      append(parameter.name, to: &octets)
      octets.append(UInt8(ascii: "="))
      append(parameter.value, to: &octets)
    }
    return octets
  }

  /// The parameters of a query as written by anybody; what cannot be decoded stays as it is.
  public static func decode(_ text: String) -> [Parameter] {
    text.split(separator: "&").map { piece in
      let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return Parameter(decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
    }
  }

  /// The value of the first parameter of this name; nil = there is none.
  public static func value(of name: String, in form: [UInt8]) -> String? {
    decode(String(decoding: form, as: UTF8.self)).first { $0.name == name }?.value
  }

  private static func decoded(_ text: Substring) -> String {
    let spaced = text.utf8.map { $0 == UInt8(ascii: "+") ? 32 : $0 }
    return String(decoding: PercentEncoding.decode(spaced).octets, as: UTF8.self)
  }

  private static func append(_ text: String, to octets: inout [UInt8]) {
    for octet in text.utf8 { PercentEncoding.appendForm(octet, to: &octets) }
  }
}
