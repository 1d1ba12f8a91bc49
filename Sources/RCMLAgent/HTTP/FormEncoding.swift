import RCMLBasics
import RCMLDial

/// `application/x-www-form-urlencoded` as the URL standard writes it (spec H-2): space is `+`, everything but letters,
/// digits and `*-._` is percent-encoded UTF-8.
package enum FormEncoding {
  package static func encode(_ parameters: [Parameter]) -> [UInt8] {
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
  static func decode(_ text: String) -> [Parameter] {
    text.split(separator: "&").map { piece in
      let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return Parameter(decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
    }
  }

  private static func decoded(_ text: Substring) -> String {
    var octets: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let octet = rest.popFirst() {
      if octet == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        octets.append(value)
        rest = rest.dropFirst(2)
      } else {
        octets.append(octet == UInt8(ascii: "+") ? 32 : octet)
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }

  private static func append(_ text: String, to octets: inout [UInt8]) {
    for octet in text.utf8 {
      switch octet {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "_"):
        octets.append(octet)
      case UInt8(ascii: " "):
        octets.append(UInt8(ascii: "+"))
      default:
        octets.append(UInt8(ascii: "%"))
        octets.append(hexDigit(octet >> 4))
        octets.append(hexDigit(octet & 15))
      }
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") - 10 + value
  }
}
